// SPDX-License-Identifier: Apache-2.0
// Which bits of an entry a monitor looks at; the monitors of v0.1 and v0.2; hostile tables.
#include "page_walk_memory.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_entries_test {
namespace {

using namespace keystone::testing;
using Enclave = HandMadeEnclave;
using Kind = SmRefusal::Kind;

constexpr auto kEpm = Enclave::epm;
constexpr auto kUtm = Enclave::utm;

// A page of the eapp at 0x10000, mapped by that entry. Page 1 is the table of the second level,
// page 2 the one with the leaf.
Enclave with_leaf(std::uint64_t entry) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16)});
  enclave.set(2, 16, entry);
  return enclave;
}

TEST(PageWalkEntries, CountWithoutTheBitV) {
  for (const std::uint64_t bits : {0x10U, 0xdeU, 0x110U}) {
    const Enclave enclave = with_leaf(Enclave::entry(kEpm(16), bits));
    EXPECT_TRUE(
        hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)})})));
  }
}

TEST(PageWalkEntries, OfTablesCountWithoutTheBitV) {
  Enclave enclave = with_leaf(Enclave::entry(kEpm(16)));
  enclave.set(0, 0, Enclave::entry(kEpm(1), 0));
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)})})));
}

TEST(PageWalkEntries, OfUpperLevelsAreTablesEvenWithReadWriteAndExecute) {
  Enclave enclave = with_leaf(Enclave::entry(kEpm(16)));
  enclave.set(1, 0, Enclave::entry(kEpm(2), 0xdf));
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)})})));
}

TEST(PageWalkEntries, AreNotMeasured) {
  const Enclave plain = with_leaf(Enclave::entry(kEpm(16)));
  for (unsigned bit = 0; bit < 10; ++bit) {
    const std::uint64_t bits = 0x3ffU & ~(1U << bit) & ~0x10U;
    const Enclave enclave = with_leaf(Enclave::entry(kEpm(16), bits | 0x10U));
    EXPECT_TRUE(
        hashes(enclave.measure(), concat({plain.words(), plain.range(0x10000, {kEpm(16)})})));
  }
}

TEST(PageWalkEntries, LoseBits62And63OnRv64) {
  for (const std::uint64_t high : {1ULL << 62U, 1ULL << 63U, 3ULL << 62U}) {
    const Enclave enclave = with_leaf(Enclave::entry(kEpm(16)) | high);
    EXPECT_TRUE(
        hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)})})));
  }
}

TEST(PageWalkEntries, AddressMemoryWithBits54To61OnRv64) {
  for (unsigned bit = 54; bit < 62; ++bit) {
    const Enclave enclave = with_leaf(Enclave::entry(kEpm(16)) | std::uint64_t{1} << bit);
    EXPECT_TRUE(refuses(enclave.measure(), Kind::illegal_mapping, "outside"));
  }
}

TEST(PageWalkEntries, CountWhenOnlyHighBitsAreSet) {
  const Enclave enclave = with_leaf(std::uint64_t{1} << 63U);  // the physical address 0
  EXPECT_TRUE(refuses(enclave.measure(), Kind::illegal_mapping, "physical 0x0"));
}

TEST(PageWalkEntries, AddressMemoryWith32BitsOnRv32) {
  Enclave enclave(Word::bits32);
  enclave.map(0x10000, {kEpm(16)});
  enclave.set(1, 16, Enclave::entry(kEpm(16)) | 3U << 30U);  // bits 32 and 33 of an address
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)})})));
  enclave.set(0, 0, Enclave::entry(kEpm(1), 1) | 3U << 30U);
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)})})));
}

TEST(PageWalkEntries, AreAThousandAndTwentyFourInATableOfRv32) {
  Enclave enclave(Word::bits32);
  enclave.map(0x3ff000, {kEpm(16)});
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x3ff000, {kEpm(16)})})));
}

// --- v0.1 and v0.2 ----------------------------------------------------------------------------

Enclave old_enclave() {
  Enclave enclave;
  enclave.options.checks = WalkChecks::skip_foreign;
  return enclave;
}

TEST(PageWalkOfOldMonitors, SkipsForeignPagesWhichBreakARange) {
  for (const std::uint64_t foreign : {kEpm(32), kEpm(0) - kPageSize, kUtm(2)}) {
    Enclave enclave = old_enclave();
    enclave.map(0x10000, {kEpm(16), foreign, kEpm(17)});
    EXPECT_TRUE(
        hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)}),
                                          enclave.range(0x12000, {kEpm(17)})})));
  }
}

TEST(PageWalkOfOldMonitors, SkipsForeignTablesWhichBreakARange) {
  Enclave enclave = old_enclave();
  enclave.map(0x1ff000, {kEpm(16)});
  enclave.set(1, 1, Enclave::entry(kEpm(32), 1));
  enclave.map(0x400000, {kEpm(17)});
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x1ff000, {kEpm(16)}),
                                        enclave.range(0x400000, {kEpm(17)})})));
}

TEST(PageWalkOfOldMonitors, FollowsTablesInUntrustedMemory) {
  Enclave enclave = old_enclave();
  enclave.set(0, 0, Enclave::entry(kUtm(0), 1));
  const auto answer = enclave.walk([](const WalkedPage&) -> Status { return {}; });
  EXPECT_TRUE(fails_with(answer, ErrorCode::malformed, "0x90000000"));  // which is not there
}

TEST(PageWalkOfOldMonitors, ChecksNothingElse) {
  Enclave enclave = old_enclave();
  enclave.arguments.runtime_base = enclave.arguments.user_base = 0;
  enclave.arguments.free_base = 0;
  const std::vector<std::uint64_t> pages = {kEpm(31), kEpm(16), kEpm(16), kEpm(8)};
  enclave.map(0x70000000, pages);
  enclave.set(2, 0, Enclave::entry(kEpm(31), 0xcf));
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x70000000, pages)})));
}

// --- hostile tables ---------------------------------------------------------------------------

TEST(PageWalkLimit, CountsPagesAndTables) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16), kEpm(17)});
  enclave.options.max_pages = 5;  // two pages, three tables
  EXPECT_TRUE(hashes(enclave.measure(),
                     concat({enclave.words(), enclave.range(0x10000, {kEpm(16), kEpm(17)})})));
  enclave.options.max_pages = 4;
  EXPECT_TRUE(fails_with(enclave.measure(), ErrorCode::limit_exceeded, "4"));
  enclave.options.max_pages = 0;
  EXPECT_TRUE(fails_with(enclave.measure(), ErrorCode::limit_exceeded));
}

TEST(PageWalkLimit, EndsAWalkOfOnePageMappedWithoutEnd) {
  Enclave enclave = old_enclave();
  for (std::size_t i = 0; i < 512; ++i) {
    enclave.set(0, i, Enclave::entry(kEpm(0), 1));  // the root is a table of every level
  }
  enclave.options.max_pages = 1000;
  EXPECT_TRUE(fails_with(enclave.measure(), ErrorCode::limit_exceeded, "1000"));
}

TEST(PageWalkLimit, EndsAWalkOfEmptyTablesWithoutEnd) {
  Enclave enclave;
  for (std::size_t i = 0; i < 512; ++i) {
    enclave.set(0, i, Enclave::entry(kEpm(1), 1));
    enclave.set(1, i, Enclave::entry(kEpm(2), 1));  // which holds nothing
  }
  enclave.options.max_pages = 1000;
  EXPECT_TRUE(fails_with(enclave.measure(), ErrorCode::limit_exceeded, "1000"));
}

TEST(PageWalkLimit, ByDefaultIsAbove4GiBAndItsTables) {
  EXPECT_GE(WalkOptions().max_pages, (std::uint64_t{1} << 20U) + 2048 + 4 + 1 + 1024);
}

}  // namespace
}  // namespace keystone::page_walk_entries_test
