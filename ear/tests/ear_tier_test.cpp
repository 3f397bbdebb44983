// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/ear.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

AttestationResult of_tiers(std::initializer_list<TrustTier> tiers) {
  AttestationResult result;
  for (const TrustTier tier : tiers) {
    result.submods[std::to_string(result.submods.size())].status = tier;
  }
  return result;
}

TEST(AttestationResult, IsAsGoodAsItsWorstPart) {
  using enum TrustTier;
  EXPECT_EQ(of_tiers({affirming, affirming}).overall(), affirming);
  EXPECT_EQ(of_tiers({affirming, warning}).overall(), warning);
  EXPECT_EQ(of_tiers({contraindicated, affirming}).overall(), contraindicated);
  EXPECT_EQ(of_tiers({none, contraindicated}).overall(), contraindicated);
}

TEST(AttestationResult, IsNoneIfNothingIsSaidOfAPart) {
  using enum TrustTier;
  for (const auto& result :
       {of_tiers({}), of_tiers({none}), of_tiers({affirming, none}), of_tiers({none, warning})}) {
    EXPECT_EQ(result.overall(), none);
    EXPECT_FALSE(result.accepted());
  }
}

// A status that is better than what it stands for is not believed.
TEST(AttestationResult, IsNoBetterThanItsClaims) {
  AttestationResult result = of_tiers({TrustTier::affirming, TrustTier::affirming});
  result.submods.at("1").claims[TrustClaim::file_system] = 32;
  EXPECT_EQ(result.overall(), TrustTier::warning);
  result.submods.at("1").claims[TrustClaim::file_system] = -128;
  EXPECT_EQ(result.overall(), TrustTier::contraindicated);
  EXPECT_FALSE(result.accepted());
  result.submods.at("1").status = TrustTier::none;
  EXPECT_EQ(result.overall(), TrustTier::contraindicated);
}

}  // namespace
}  // namespace keystone
