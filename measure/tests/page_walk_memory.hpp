// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/page_walk.hpp"
#include "support.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

// Page tables made by hand, for monitors to walk.
namespace keystone::testing {

using HashOrRefusal = Result<std::variant<EnclaveHash, SmRefusal>>;

// The memory of an enclave whose page tables a test writes entry by entry. In private memory, page
// 0 is the root table, pages 1 to 7 are for other tables, 8 to 15 the runtime's, those from 16 on
// the eapp's, and the last four free. There are two pages of untrusted memory. Every page that is
// no table has contents of its own.
class HandMadeEnclave {
 public:
  static constexpr std::uint64_t kEpm = 0x80000000;
  static constexpr std::uint64_t kUtm = 0x90000000;

  explicit HandMadeEnclave(Word word = Word::bits64, std::size_t pages = 32);

  // The physical address of a page of private memory, of untrusted memory.
  static std::uint64_t epm(std::size_t n) { return kEpm + n * kPageSize; }
  static std::uint64_t utm(std::size_t n) { return kUtm + n * kPageSize; }

  // An entry with these low bits; by default V R W X U A D.
  static std::uint64_t entry(std::uint64_t physical, std::uint64_t bits = 0xdf) {
    return physical >> 12U << 10U | bits;
  }

  // Writes that entry of the table in page `table`.
  void set(std::size_t table, std::size_t index, std::uint64_t value);

  // Maps the virtual pages from `address` on, with tables from page 1 on.
  void map(std::uint64_t address, const std::vector<std::uint64_t>& physical);

  // What is hashed of the page at that physical address; other contents for it.
  [[nodiscard]] Bytes content(std::uint64_t physical) const;
  void put(std::uint64_t physical, const Bytes& page);

  // The numbers that are hashed before any page, and a range: its address, then its pages.
  [[nodiscard]] Bytes words() const;
  [[nodiscard]] Bytes range(std::uint64_t address,
                            const std::vector<std::uint64_t>& physical) const;

  [[nodiscard]] HashOrRefusal measure() const;
  [[nodiscard]] Result<std::optional<SmRefusal>> walk(const PageVisitor& visit) const;

  PageWalkArguments arguments;
  WalkOptions options;

 private:
  [[nodiscard]] std::uint64_t get(std::size_t table, std::size_t index) const;

  Bytes epm_;
  Bytes utm_;
  std::size_t next_table_ = 1;
};

// Whether the answer is the SHA3-512 of that stream.
[[nodiscard]] ::testing::AssertionResult hashes(const HashOrRefusal& answer, const Bytes& stream);

// Whether the answer is a hash, whichever.
[[nodiscard]] ::testing::AssertionResult takes(const HashOrRefusal& answer);

// Whether the answer is a refusal of that kind, and its reason states `fact`.
[[nodiscard]] ::testing::AssertionResult refuses(const HashOrRefusal& answer, SmRefusal::Kind kind,
                                                 std::string_view fact);

}  // namespace keystone::testing
