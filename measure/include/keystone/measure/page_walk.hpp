// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/measure/memory_view.hpp"
#include "keystone/measure/profile.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

// How a Security Monitor of the page-walk generations (2018-11 to 2023-12) checks and measures an
// enclave: it walks the page tables that the host built, Sv39 on RV64 and Sv32 on RV32. This is the
// one walker: over memory that was laid out here, over a memory image, over an emulated machine's.
namespace keystone {

// The arguments of the SM's create call, as far as they matter to the measurement (struct
// keystone_sbi_create, keystone v1.0.0). Physical addresses, but for the last four; all of them
// words of the machine.
struct PageWalkArguments {
  std::uint64_t epm_base;  // enclave private memory; the root table is its first page
  std::uint64_t epm_size;
  std::uint64_t utm_base;  // untrusted memory, shared with the host
  std::uint64_t utm_size;
  std::uint64_t runtime_base;  // [runtime_base, user_base) is the runtime's
  std::uint64_t user_base;     // [user_base, free_base) is the eapp's
  std::uint64_t free_base;     // the first byte that belongs to nobody
  std::uint64_t runtime_entry;
  std::uint64_t user_entry;
  std::uint64_t untrusted_ptr;  // virtual address of the untrusted buffer, not rounded
  std::uint64_t untrusted_size;
};

// What a monitor does about mappings that it does not like.
enum class WalkChecks : std::uint8_t {
  refuse,        // v0.3 and later: the enclave is not created
  skip_foreign,  // v0.1, v0.2: an entry that leads out of both regions, of a page or of a table,
                 // counts as empty; nothing else is checked. (They clear it in memory first: a
                 // table that is mapped as a page, too, is hashed by us as it was before.)
};

// A page that the tables map.
struct WalkedPage {
  std::uint64_t virtual_address;  // RV64: sign-extended from bit 38
  std::uint64_t physical_address;
  bool starts_range;  // the page below it is not mapped: its address is hashed, too
};

// Why the monitor does not create the enclave.
struct SmRefusal {
  enum class Kind : std::uint8_t {
    bad_arguments,    // 100008 of v1.0; 8 of v0.3 and v0.4
    illegal_mapping,  // 100015 of v1.0; 15 of v0.3 and v0.4
  };
  Kind kind;
  std::string why;
};

// Why a monitor of either scheme refuses the regions and boundaries of a create call, if it does:
// each region is not empty and does not wrap, and the boundaries lie in the private memory in their
// order.
[[nodiscard]] std::optional<SmRefusal> check_create_arguments(const PageWalkArguments& arguments,
                                                              Word word);

// Called for every mapped page in ascending order of virtual page numbers. An Error ends the walk.
using PageVisitor = std::function<Status(const WalkedPage&)>;

struct WalkOptions {
  Word word = Word::bits64;
  WalkChecks checks = WalkChecks::refuse;
  // To visit more pages and tables is `limit_exceeded`: tables can lead to one page, and to one
  // table, any number of times.
  std::uint64_t max_pages = std::uint64_t{1} << 21U;
};

// Checks the arguments and walks the tables in `memory`. Answers why the monitor refuses, if it
// does; pages may have been visited before. Fails with the memory's and the visitor's Errors.
[[nodiscard]] Result<std::optional<SmRefusal>> walk_pages(const MemoryView& memory,
                                                          const PageWalkArguments& arguments,
                                                          const WalkOptions& options,
                                                          const PageVisitor& visit);

// The hash that the monitor computes, or why it does not: SHA3-512 over the entries and the
// untrusted buffer as words, then each mapped page, ranges preceded by their address. A monitor of
// v0.3 or later clears untrusted memory before: `memory` must hold zeros there.
[[nodiscard]] Result<std::variant<EnclaveHash, SmRefusal>> measure_pages(
    const MemoryView& memory, const PageWalkArguments& arguments, const WalkOptions& options);

}  // namespace keystone
