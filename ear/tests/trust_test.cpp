// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/trust.hpp"

#include <keystone/testing/fails_with.hpp>

#include <utility>

namespace keystone {
namespace {

// draft-ietf-rats-ar4si, section 2.3.2: the first and last value of each tier.
TEST(TrustTier, ReachesAsFarAsTheDraftSays) {
  constexpr std::pair<int, TrustTier> kEnds[] = {{-128, TrustTier::contraindicated},
                                                 {-97, TrustTier::contraindicated},
                                                 {-96, TrustTier::warning},
                                                 {-33, TrustTier::warning},
                                                 {-32, TrustTier::affirming},
                                                 {-2, TrustTier::affirming},
                                                 {-1, TrustTier::none},
                                                 {0, TrustTier::none},
                                                 {1, TrustTier::none},
                                                 {2, TrustTier::affirming},
                                                 {31, TrustTier::affirming},
                                                 {32, TrustTier::warning},
                                                 {95, TrustTier::warning},
                                                 {96, TrustTier::contraindicated},
                                                 {127, TrustTier::contraindicated}};
  for (const auto& [claim, tier] : kEnds) {
    EXPECT_EQ(tier_of(static_cast<std::int8_t>(claim)), tier) << claim;
  }
}

TEST(TrustTier, IsAWord) {
  for (const auto tier :
       {TrustTier::none, TrustTier::affirming, TrustTier::warning, TrustTier::contraindicated}) {
    EXPECT_EQ(parse_trust_tier("status", to_string(tier)), tier);
  }
  for (const char* word : {"", "Affirming", "affirming ", "2", "trusted"}) {
    EXPECT_TRUE(
        testing::fails_with(parse_trust_tier("status", word), ErrorCode::malformed, "status: got"))
        << word;
  }
}

TEST(TrustVector, IsAsBadAsItsWorstClaim) {
  TrustVector vector;
  EXPECT_EQ(vector.tier(), TrustTier::none);
  vector[TrustClaim::hardware] = 2;
  EXPECT_EQ(vector.tier(), TrustTier::affirming);
  vector[TrustClaim::sourced_data] = 96;
  EXPECT_EQ(vector.tier(), TrustTier::contraindicated);
  EXPECT_EQ(TrustVector::all(99).tier(), TrustTier::contraindicated);
}

}  // namespace
}  // namespace keystone
