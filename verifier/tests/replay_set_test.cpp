// SPDX-License-Identifier: Apache-2.0
#include "keystone/testing/fails_with.hpp"
#include "keystone/verifier/issuer.hpp"
#include "setting.hpp"

namespace keystone {
namespace {

using testing::fails_with;
using testing::kNow;
using testing::kSecond;
using testing::seconds;

Nonce nonce_of(std::uint8_t number) {
  return Nonce::from(std::vector<std::uint8_t>(8, number)).value();
}

TEST(MemoryReplaySet, SpendsEachNonceOnceUpToItsLastSecond) {
  MemoryReplaySet set(9);
  const Instant end = kNow + seconds(10);
  EXPECT_TRUE(set.spend(nonce_of(1), kNow, end).value());
  EXPECT_FALSE(set.spend(nonce_of(1), kNow, end).value());
  EXPECT_FALSE(set.spend(nonce_of(1), end, end).value());
  EXPECT_TRUE(set.spend(nonce_of(2), end, end).value());
  EXPECT_EQ(set.size(), 2U);
}

TEST(MemoryReplaySet, ForgetsWhatExpiredAndNothingElse) {
  MemoryReplaySet set(3);
  EXPECT_TRUE(set.spend(nonce_of(1), kNow, kNow + seconds(1)).value());
  EXPECT_TRUE(set.spend(nonce_of(2), kNow, kNow + seconds(3)).value());
  EXPECT_TRUE(set.spend(nonce_of(3), kNow, kNow + seconds(2)).value());
  const Instant later = kNow + seconds(3);
  EXPECT_TRUE(set.spend(nonce_of(4), later, kNow + seconds(9)).value());
  EXPECT_EQ(set.size(), 2U);
  EXPECT_FALSE(set.spend(nonce_of(2), later, kNow + seconds(3)).value());
}

TEST(MemoryReplaySet, FailsWhenItIsFullAndForgetsNothingForThat) {
  MemoryReplaySet set(2);
  const Instant end = kNow + seconds(10);
  EXPECT_TRUE(set.spend(nonce_of(1), kNow, end).value());
  EXPECT_TRUE(set.spend(nonce_of(2), kNow, end).value());
  EXPECT_TRUE(fails_with(set.spend(nonce_of(3), kNow, end), ErrorCode::limit_exceeded,
                         "more than 2 at a time"));
  EXPECT_FALSE(set.spend(nonce_of(1), kNow, end).value());
  EXPECT_FALSE(set.spend(nonce_of(2), kNow, end).value());
  EXPECT_TRUE(set.spend(nonce_of(3), end + kSecond, end + seconds(10)).value());
}

TEST(MemoryReplaySet, OfNoCapacityAlwaysFails) {
  MemoryReplaySet set(0);
  EXPECT_TRUE(fails_with(set.spend(nonce_of(1), kNow, kNow), ErrorCode::limit_exceeded));
}

TEST(MemoryReplaySet, TellsNoncesOfOtherSizesApart) {
  MemoryReplaySet set(9);
  EXPECT_TRUE(set.spend(Nonce::from(std::vector<std::uint8_t>(8)).value(), kNow, kNow).value());
  EXPECT_TRUE(set.spend(Nonce::from(std::vector<std::uint8_t>(9)).value(), kNow, kNow).value());
}

TEST(MemoryReplaySet, SpendsNothingAgainWhenTheClockGoesBack) {
  MemoryReplaySet set(9);
  const Instant end = kNow + seconds(10);
  EXPECT_TRUE(set.spend(nonce_of(1), kNow, end).value());
  EXPECT_TRUE(set.spend(nonce_of(2), end + kSecond, end + seconds(9)).value());
  EXPECT_EQ(set.size(), 1U);  // the first is forgotten
  EXPECT_FALSE(set.spend(nonce_of(1), kNow, end).value());
  EXPECT_FALSE(set.spend(nonce_of(3), kNow, end).value());  // for all that it knows
  EXPECT_TRUE(set.spend(nonce_of(3), kNow, end + kSecond).value());
}

}  // namespace
}  // namespace keystone
