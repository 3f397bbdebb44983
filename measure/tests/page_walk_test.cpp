// SPDX-License-Identifier: Apache-2.0
// The stream that a monitor hashes: numbers, ranges, pages. Expected streams are put together by
// hand.
#include "page_walk_memory.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::page_walk_test {
namespace {

using namespace keystone::testing;
using Enclave = HandMadeEnclave;

constexpr auto kEpm = Enclave::epm;
constexpr auto kUtm = Enclave::utm;

TEST(PageWalk, HashesFourWordsOf64BitsThenAddressAndPage) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16)});
  EXPECT_TRUE(hashes(enclave.measure(),
                     concat({enclave.words(), le(0x10000, 8), enclave.content(kEpm(16))})));
  EXPECT_EQ(enclave.words().size(), 32U);
}

TEST(PageWalk, HashesFourWordsOf32BitsThenAddressAndPage) {
  Enclave enclave(Word::bits32);
  enclave.map(0x10000, {kEpm(16)});
  EXPECT_TRUE(hashes(enclave.measure(),
                     concat({enclave.words(), le(0x10000, 4), enclave.content(kEpm(16))})));
  EXPECT_EQ(enclave.words().size(), 16U);
}

TEST(PageWalk, HashesTheUntrustedBufferAsItWasGivenNotRounded) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16)});
  enclave.arguments.untrusted_ptr = 0x70000123;
  enclave.arguments.untrusted_size = 0x1001;
  const Bytes words = concat({le(0xc0000000, 8), le(0x10000, 8), le(0x70000123, 8), le(0x1001, 8)});
  EXPECT_TRUE(hashes(enclave.measure(), concat({words, enclave.range(0x10000, {kEpm(16)})})));
}

TEST(PageWalk, HashesTheWordsAloneWhereNothingIsMapped) {
  const Enclave enclave;
  EXPECT_TRUE(hashes(enclave.measure(), enclave.words()));
}

TEST(PageWalk, TakesNeighboursInVirtualMemoryAsOneRange) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16), kEpm(17), kEpm(20)});
  EXPECT_TRUE(
      hashes(enclave.measure(),
             concat({enclave.words(), enclave.range(0x10000, {kEpm(16), kEpm(17), kEpm(20)})})));
}

TEST(PageWalk, StartsARangeBehindEveryGap) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16)});
  enclave.map(0x12000, {kEpm(17)});
  EXPECT_TRUE(hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)}),
                                                enclave.range(0x12000, {kEpm(17)})})));
}

TEST(PageWalk, HashesTheAddressOfTheFirstPageEvenIfItIs0) {
  Enclave enclave;
  enclave.map(0, {kEpm(16)});
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), le(0, 8), enclave.content(kEpm(16))})));
}

TEST(PageWalk, MergesRuntimeEappAndUntrustedPagesThatAdjoin) {
  Enclave enclave;
  enclave.arguments.untrusted_ptr = 0x12000;
  enclave.arguments.untrusted_size = 0x1000;
  enclave.map(0x10000, {kEpm(16), kEpm(8), kUtm(0), kEpm(9)});
  EXPECT_TRUE(hashes(
      enclave.measure(),
      concat({enclave.words(), enclave.range(0x10000, {kEpm(16), kEpm(8), kUtm(0), kEpm(9)})})));
}

TEST(PageWalk, VisitsPagesInTheOrderOfVirtualAddressesWhateverThePhysicalOnes) {
  Enclave enclave;
  enclave.map(0x70000000, {kUtm(1), kUtm(0)});
  enclave.map(0x10000, {kEpm(16)});
  EXPECT_TRUE(hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, {kEpm(16)}),
                                                enclave.range(0x70000000, {kUtm(1), kUtm(0)})})));
}

TEST(PageWalk, HashesLongRunsOfPagesWhole) {
  Enclave enclave(Word::bits64, 300);
  std::vector<std::uint64_t> pages;
  for (std::size_t n = 16; n < 296; ++n) {
    pages.push_back(kEpm(n));
  }
  enclave.map(0x10000, pages);
  EXPECT_TRUE(hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x10000, pages)})));
}

// Two pages of which the second has the first entry of another table.
void expect_one_range(std::uint64_t first, std::uint64_t second, Word word) {
  SCOPED_TRACE(first);
  Enclave enclave(word);
  enclave.map(first, {kEpm(16)});
  enclave.map(second, {kEpm(17)});
  EXPECT_TRUE(hashes(enclave.measure(),
                     concat({enclave.words(), enclave.range(first, {kEpm(16), kEpm(17)})})));
}

TEST(PageWalk, CarriesARangeAcrossTablesOfEveryLevel) {
  expect_one_range(0x1ff000, 0x200000, Word::bits64);
  expect_one_range(0x3ffff000, 0x40000000, Word::bits64);
  expect_one_range(0x3ff000, 0x400000, Word::bits32);
}

TEST(PageWalk, CarriesARangeFromTheLowHalfIntoTheHigh) {
  expect_one_range(0x3ffffff000, 0xffffffc000000000, Word::bits64);
  expect_one_range(0x7ffff000, 0x80000000, Word::bits32);
}

TEST(PageWalk, DoesNotCarryARangeAcrossAnEntryThatIsMissing) {
  Enclave enclave;
  enclave.map(0x1fe000, {kEpm(16)});  // not the last of its table
  enclave.map(0x200000, {kEpm(17)});  // the first of the next
  enclave.map(0x3ff000, {kEpm(18)});  // the last
  enclave.map(0x600000, {kEpm(19)});  // the first, but one table further
  EXPECT_TRUE(
      hashes(enclave.measure(),
             concat({enclave.words(), enclave.range(0x1fe000, {kEpm(16)}),
                     enclave.range(0x200000, {kEpm(17)}), enclave.range(0x3ff000, {kEpm(18)}),
                     enclave.range(0x600000, {kEpm(19)})})));
}

TEST(PageWalk, DoesNotCarryARangeAcrossAnEmptyTable) {
  Enclave enclave;
  enclave.map(0x1ff000, {kEpm(16)});
  enclave.map(0x400000, {kEpm(17)});
  enclave.set(1, 1, Enclave::entry(kEpm(7), 1));  // between the two leaf tables
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0x1ff000, {kEpm(16)}),
                                        enclave.range(0x400000, {kEpm(17)})})));
}

TEST(PageWalk, SignExtendsAddressesOfSv39FromBit38) {
  Enclave enclave;
  enclave.map(0x4000000000, {kEpm(16)});  // bit 38
  EXPECT_TRUE(hashes(enclave.measure(), concat({enclave.words(), le(0xffffffc000000000, 8),
                                                enclave.content(kEpm(16))})));
}

TEST(PageWalk, TakesAddressesOfSv32AsTheyAre) {
  Enclave enclave(Word::bits32);
  enclave.map(0xfffff000, {kEpm(16)});
  EXPECT_TRUE(hashes(enclave.measure(),
                     concat({enclave.words(), le(0xfffff000, 4), enclave.content(kEpm(16))})));
}

TEST(PageWalk, TellsTheVisitorWhereRangesStart) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16), kEpm(17)});
  enclave.map(0x13000, {kEpm(18)});
  std::vector<WalkedPage> pages;
  const auto refusal = enclave.walk([&](const WalkedPage& page) -> Status {
    pages.push_back(page);
    return {};
  });
  ASSERT_TRUE(succeeds(refusal));
  EXPECT_FALSE(refusal->has_value());
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_TRUE(pages[0].starts_range);
  EXPECT_FALSE(pages[1].starts_range);
  EXPECT_TRUE(pages[2].starts_range);
  EXPECT_EQ(pages[2].virtual_address, 0x13000U);
  EXPECT_EQ(pages[2].physical_address, kEpm(18));
}

TEST(PageWalk, EndsWithTheVisitorsError) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16), kEpm(17)});
  int visits = 0;
  const auto answer = enclave.walk([&](const WalkedPage&) -> Status {
    ++visits;
    return fail(ErrorCode::unreadable, "enough");
  });
  EXPECT_TRUE(fails_with(answer, ErrorCode::unreadable, "enough"));
  EXPECT_EQ(visits, 1);
}

TEST(PageWalk, ReportsMemoryThatIsNotThere) {
  Enclave enclave;
  enclave.arguments.epm_size += 16 * kPageSize;  // more than the memory has
  enclave.arguments.free_base = kEpm(40);
  enclave.map(0x10000, {kEpm(39)});
  EXPECT_TRUE(fails_with(enclave.measure(), ErrorCode::malformed, "0x80027000"));
  enclave.set(0, 5, Enclave::entry(kEpm(40), 1));
  EXPECT_TRUE(fails_with(enclave.measure(), ErrorCode::malformed));
}

}  // namespace
}  // namespace keystone::page_walk_test
