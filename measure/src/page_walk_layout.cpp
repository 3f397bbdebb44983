// SPDX-License-Identifier: Apache-2.0
#include "page_walk_layout.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace keystone {
namespace {

// Taken by the host beside the pages of files and stacks: for page tables, and for a stack that it
// does not count (calculate_required_pages, sdk/src/host/Enclave.cpp of keystone v1.0.0, driver/
// keystone-enclave.c of older ones).
constexpr std::uint64_t kSparePages = 15;

const Paging& paging_for(const PageWalkRules& rules) {
  return paging_of(info(rules.profile).word);
}

Status check_words(const PageWalkParameters& parameters, const Paging& paging) {
  const std::pair<const char*, std::uint64_t> words[] = {
      {"untrusted pointer", parameters.untrusted_ptr},
      {"stack size", parameters.stack_size},
      {"free memory", parameters.freemem}};
  for (const auto& [name, value] : words) {
    if (paging.wrap(value) != value) {
      return fail(ErrorCode::usage, std::string(name) + ": got " + to_hex_number(value) +
                                        ", want a number of 32 bits: the machine has no others");
    }
  }
  return {};
}

// What one kind of host takes from the files, and the other is told.
Status check_for_host(const PageWalkParameters& parameters, const PageWalkRules& rules) {
  const std::string name(info(rules.profile).name);
  if (rules.driver_loads) {
    if (!parameters.user_entry) {
      return fail(ErrorCode::usage,
                  "user entry: missing: the host of " + name + " does not take it from the eapp");
    }
    if (parameters.freemem != 0) {
      return fail(ErrorCode::usage, "free memory: got " + std::to_string(parameters.freemem) +
                                        ", want 0: the host of " + name + " cannot ask for any");
    }
    return {};
  }
  if (parameters.user_entry || parameters.runtime_entry != 0) {
    return fail(ErrorCode::usage,
                "entry: must not be given: the host of " + name + " takes it from the files");
  }
  if (parameters.runtime_stack != 0) {
    return fail(ErrorCode::usage, "runtime stack: got " + std::to_string(parameters.runtime_stack) +
                                      ", want 0: the host of " + name + " makes none");
  }
  return {};
}

// The size of private memory, in bytes.
Result<std::uint64_t> epm_size(const PageWalkRules& rules, const PageWalkParameters& parameters,
                               std::uint64_t limit, std::uint64_t host_pages) {
  // No term is more than 2^53.
  const std::uint64_t pages = pages_of(parameters.freemem) + host_pages + kSparePages;
  if (pages > limit / kPageSize) {
    return fail(ErrorCode::limit_exceeded,
                "enclave memory: got " + std::to_string(pages) + " pages, want at most " +
                    std::to_string(limit / kPageSize),
                "--max-memory raises the limit");
  }
  const std::uint64_t rounded = std::bit_ceil(pages);
  if (rounded > rules.max_pages) {
    return fail(ErrorCode::malformed,
                "enclave memory: got " + std::to_string(rounded) + " pages, want at most " +
                    std::to_string(rules.max_pages) + ": the driver cannot get more");
  }
  // Above what the page allocator has, the later drivers take from elsewhere just what is needed.
  const bool is_exact = rounded > kMaxBuddyPages && !rules.driver_loads;
  return (is_exact ? pages : rounded) * kPageSize;
}

// Where the range ends, if that is an address of the machine.
std::optional<std::uint64_t> end_of(const PhysicalRange& range, const Paging& paging) {
  const auto end = checked_add(range.base, range.size);
  return end && paging.wrap(*end) == *end ? end : std::nullopt;
}

std::string text_of(const PhysicalRange& range) {
  return to_hex_number(range.size) + " bytes at " + to_hex_number(range.base);
}

}  // namespace

Result<VirtualSpan> span_of(const HostElf& elf, const Paging& paging) {
  std::uint64_t first = UINT64_MAX;
  std::uint64_t end = 0;
  for (const ElfSegment& segment : elf.segments) {
    if (segment.memsz != 0) {
      first = std::min(first, paging.wrap(segment.vaddr));
      end = std::max(end, paging.wrap(segment.vaddr + segment.memsz));
    }
  }
  if (first == UINT64_MAX) {
    return fail(ErrorCode::malformed, "the host refuses the file: no segment takes memory");
  }
  if ((first & kInPage) != 0) {
    return fail(ErrorCode::malformed, "the host refuses the file: its lowest address " +
                                          to_hex_number(first) +
                                          " is not that of a page (segments of every type count)");
  }
  // The end 0 is that of the address space.
  const std::uint64_t rounded = paging.wrap(((end - 1) | kInPage) + 1);
  if (rounded < first && rounded != 0) {
    // On RV32, sizes follow from it that the monitor refuses.
    const std::string code = paging.word == Word::bits32
                                 ? ": the security monitor refuses the enclave (code 100008)"
                                 : "";
    return undefined("segments wrap around the end of the address space, to below the lowest" +
                     code);
  }
  return VirtualSpan{first, paging.wrap(rounded - first)};
}

Status check_parameters(const PageWalkParameters& parameters, const PageWalkRules& rules) {
  constexpr std::uint64_t kMaxUntrusted = kMaxBuddyPages * kPageSize;
  if (parameters.untrusted_size == 0 || parameters.untrusted_size > kMaxUntrusted) {
    return fail(ErrorCode::usage,
                "untrusted size: got " + std::to_string(parameters.untrusted_size) +
                    ", want 1 to " + std::to_string(kMaxUntrusted) + ": the driver refuses others");
  }
  KEYSTONE_CHECK_OK(check_words(parameters, paging_for(rules)));
  return check_for_host(parameters, rules);
}

Result<Regions> place(const PageWalkRules& rules, const PageWalkParameters& parameters,
                      const PageWalkPlacement& placement, std::uint64_t pages) {
  const Paging& paging = paging_for(rules);
  KEYSTONE_TRY(const auto host_size, epm_size(rules, parameters, placement.max_memory, pages));
  const PhysicalRange epm{placement.epm_base, placement.epm_size.value_or(host_size)};
  const auto epm_end = end_of(epm, paging);
  if (!epm_end) {
    return fail(placement.epm_size ? ErrorCode::usage : ErrorCode::limit_exceeded,
                "enclave memory: " + text_of(epm) + " reach beyond the address space");
  }
  const PhysicalRange utm{placement.utm_base.value_or(*epm_end),
                          std::bit_ceil(pages_of(parameters.untrusted_size)) * kPageSize};
  const auto utm_end = end_of(utm, paging);
  const bool is_apart = utm_end && (utm.base >= *epm_end || *utm_end <= epm.base);
  if (!is_apart || ((epm.base | epm.size | utm.base) & kInPage) != 0) {
    return fail(ErrorCode::usage, "placement: got private memory of " + text_of(epm) +
                                      " and untrusted memory of " + text_of(utm) +
                                      ", want whole pages of the address space, apart");
  }
  return Regions{epm, utm};
}

}  // namespace keystone
