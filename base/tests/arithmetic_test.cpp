// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/arithmetic.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

static_assert(checked_add(kMax, 0) == kMax);
static_assert(!checked_add(kMax, 1));
static_assert(fits(kMax, 0, kMax));

TEST(CheckedAdd, AddsUpToTheLargestNumber) {
  EXPECT_EQ(checked_add(2, 3), 5U);
  EXPECT_EQ(checked_add(kMax - 7, 7), kMax);
  EXPECT_EQ(checked_add(0, 0), 0U);
}

TEST(CheckedAdd, HasNoResultWhereItWouldWrap) {
  EXPECT_FALSE(checked_add(kMax - 7, 8));
  EXPECT_FALSE(checked_add(1, kMax));
  EXPECT_FALSE(checked_add(kMax, kMax));
}

TEST(CheckedRoundUp, GoesToTheNextMultiple) {
  EXPECT_EQ(checked_round_up(0, 4096), 0U);
  EXPECT_EQ(checked_round_up(1, 4096), 4096U);
  EXPECT_EQ(checked_round_up(4096, 4096), 4096U);
  EXPECT_EQ(checked_round_up(4097, 4096), 8192U);
  EXPECT_EQ(checked_round_up(kMax - 4095, 4096), kMax - 4095);
  EXPECT_EQ(checked_round_up(kMax, 1), kMax);
}

TEST(CheckedRoundUp, HasNoResultAboveTheLastMultiple) {
  EXPECT_FALSE(checked_round_up(kMax - 4094, 4096));
  EXPECT_FALSE(checked_round_up(kMax, 2));
}

TEST(Fits, TakesRangesInsideTheLimit) {
  EXPECT_TRUE(fits(0, 10, 10));
  EXPECT_TRUE(fits(10, 0, 10));
  EXPECT_TRUE(fits(3, 7, 10));
}

TEST(Fits, RefusesRangesThatLeaveTheLimitOrWrap) {
  EXPECT_FALSE(fits(0, 11, 10));
  EXPECT_FALSE(fits(4, 7, 10));
  EXPECT_FALSE(fits(11, 0, 10));
  EXPECT_FALSE(fits(kMax, 2, 10));
  EXPECT_FALSE(fits(2, kMax, 10));
  EXPECT_FALSE(fits(kMax, kMax, kMax));
}

TEST(Narrow, KeepsANumberThatFits) {
  EXPECT_EQ(narrow<std::uint8_t>(255), 255);
  EXPECT_EQ(narrow<std::int8_t>(std::int64_t{-128}), -128);
}

TEST(NarrowDeathTest, AbortsForANumberThatDoesNotFit) {
  EXPECT_DEATH((void)narrow<std::uint8_t>(256), "bug:");
  EXPECT_DEATH((void)narrow<std::uint64_t>(-1), "bug:");
  EXPECT_DEATH((void)narrow<std::int64_t>(kMax), "bug:");
}

}  // namespace
}  // namespace keystone
