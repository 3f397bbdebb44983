// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host_elf.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "page_mapper.hpp"

#include <string>

namespace keystone {

// Where the host library ends the eapp's stack (DEFAULT_STACK_START, sdk/include/host/common.h of
// keystone v1.0.0). Virtual.
inline constexpr std::uint64_t kStackTop = 0x40000000;

// The largest power of two of pages that the kernel's page allocator hands out (MAX_ORDER 11).
inline constexpr std::uint64_t kMaxBuddyPages = 1024;

// In what the page-walk generations differ: data, one row for each profile.
struct PageWalkRules {
  Profile profile;
  ElfHost elf;
  bool driver_loads;        // v0.1, v0.2: the driver unpacks the files, by its own rules
  bool bases_by_mapping;    // v0.3: runtime_base, user_base are where the lowest page lies
  FileEntries entries;      // of pages with contents of a file
  OnMapped on_file_page;    // a second page of the files at one address
  OnMapped on_other_page;   // a page of a stack, or untrusted, where one of the files is
  std::uint64_t max_pages;  // of private memory, that the driver can get
  WalkChecks checks;
  int bad_arguments;  // the monitor's codes
  int illegal_mapping;
  PageWalkParameters defaults;
};

[[nodiscard]] const PageWalkRules& rules_of(Profile profile);

// The error for input with which the reference reads or writes what is not its own: its answer, if
// it has one, depends on what happens to lie there.
[[nodiscard]] tl::unexpected<Error> undefined(std::string what);

}  // namespace keystone
