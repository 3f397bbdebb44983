// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page_walk_rules.hpp"

// What a page-walk host computes before it maps anything: sizes, and where the memory lies.
namespace keystone {

inline constexpr std::uint64_t kInPage = kPageSize - 1;

[[nodiscard]] constexpr std::uint64_t pages_of(std::uint64_t bytes) {
  return bytes / kPageSize + ((bytes & kInPage) != 0 ? 1 : 0);
}

// Virtual addresses from the lowest to the highest of a file, in whole pages.
struct VirtualSpan {
  std::uint64_t first;
  std::uint64_t size;  // in bytes
};

// Over all program headers that take memory, as the host library computes it. `malformed` for a
// file that it refuses, and for one whose end lies below its start.
[[nodiscard]] Result<VirtualSpan> span_of(const HostElf& elf, const Paging& paging);

// `usage` for parameters that this host cannot be given, or that its driver refuses.
[[nodiscard]] Status check_parameters(const PageWalkParameters& parameters,
                                      const PageWalkRules& rules);

struct Regions {
  PhysicalRange epm;  // enclave private memory
  PhysicalRange utm;  // untrusted memory
};

// The memory for `pages` pages that the host asks for beside the free memory, and for the untrusted
// buffer. `limit_exceeded` for more than placement.max_memory or than the machine has addresses,
// `malformed` for more than the driver can get, `usage` for a placement that cannot be.
[[nodiscard]] Result<Regions> place(const PageWalkRules& rules,
                                    const PageWalkParameters& parameters,
                                    const PageWalkPlacement& placement, std::uint64_t pages);

}  // namespace keystone
