// SPDX-License-Identifier: Apache-2.0
#include "patience.hpp"

#include <gtest/gtest.h>

namespace keystone::server {
namespace {

using std::chrono::milliseconds;

constexpr Patience::Clock::time_point kStart{std::chrono::hours(1)};

Patience learned(milliseconds took, std::size_t wrote, std::size_t waiting) {
  Patience patience;
  patience.learn(kStart, kStart + took, wrote, waiting);
  return patience;
}

TEST(Patience, WaitsForNobodyAtFirst) {
  EXPECT_EQ(Patience().company(), 1U);
}

TEST(Patience, WaitsForNobodyWhereOneWritesAlone) {
  EXPECT_EQ(learned(milliseconds(3), 1, 0).company(), 1U);
}

TEST(Patience, MakesOneGroupOfTwoThatWaitForEachOther) {
  EXPECT_EQ(learned(milliseconds(3), 8, 7).company(), 15U);
}

TEST(Patience, EndsAfterTwiceTheTimeThatTheLastTransactionTook) {
  EXPECT_EQ(learned(milliseconds(2), 8, 8).ends(), kStart + milliseconds(2 + 4));
  EXPECT_EQ(learned(milliseconds(0), 8, 8).ends(), kStart);
}

TEST(Patience, IsBoundedAfterASlowTransaction) {
  EXPECT_EQ(learned(milliseconds(5000), 8, 8).ends(), kStart + milliseconds(5000 + 5));
}

TEST(Patience, ForgetsCompanyThatHasLeft) {
  Patience patience = learned(milliseconds(3), 8, 8);
  patience.learn(kStart, kStart + milliseconds(3), 1, 0);
  EXPECT_EQ(patience.company(), 1U);
}

}  // namespace
}  // namespace keystone::server
