// SPDX-License-Identifier: Apache-2.0
#include "setting.hpp"

namespace keystone {
namespace {

using testing::kNow;
using testing::kSecond;
using testing::rejects_for;
using testing::seconds;
using testing::Setting;
using Standing = ChallengeTime::Standing;

Verdict verify_at(const ChallengeTime& time, std::optional<seconds> max_age, Instant now = kNow) {
  Setting setting;
  setting.challenge = setting.challenge.at(time);
  setting.policy.max_age = max_age;
  setting.now = now;
  return setting.verify();
}

::testing::AssertionResult is_stale(const Verdict& verdict, std::string_view reason) {
  return rejects_for(verdict, Check::freshness, reason);
}

TEST(Freshness, LastsFromTheFirstToTheLastSecondOfAChallenge) {
  const ChallengeTime time{kNow, kNow + seconds(9), Standing::open};
  EXPECT_TRUE(verify_at(time, {}, kNow).accepted());
  EXPECT_TRUE(verify_at(time, {}, kNow + seconds(9)).accepted());
  EXPECT_TRUE(is_stale(verify_at(time, {}, kNow - kSecond), "not_yet_valid"));
  EXPECT_TRUE(is_stale(verify_at(time, {}, kNow + seconds(10)), "expired"));
}

TEST(Freshness, LastsNoLongerThanThePolicysMaxAge) {
  const ChallengeTime time{kNow, kNow + seconds(100), Standing::open};
  EXPECT_TRUE(verify_at(time, seconds(10), kNow + seconds(10)).accepted());
  EXPECT_TRUE(is_stale(verify_at(time, seconds(10), kNow + seconds(11)), "expired"));
}

TEST(Freshness, LastsNoLongerThanTheChallengeWhateverTheMaxAge) {
  const ChallengeTime time{kNow, kNow + seconds(10), Standing::open};
  EXPECT_TRUE(verify_at(time, seconds(100), kNow + seconds(10)).accepted());
  EXPECT_TRUE(is_stale(verify_at(time, seconds(100), kNow + seconds(11)), "expired"));
}

TEST(Freshness, IsLimitedByTheMaxAgeAloneWhereAChallengeHasNoEnd) {
  const ChallengeTime time{kNow, {}, Standing::open};
  EXPECT_TRUE(verify_at(time, kSecond, kNow + kSecond).accepted());
  EXPECT_TRUE(is_stale(verify_at(time, kSecond, kNow + kSecond + kSecond), "expired"));
  EXPECT_TRUE(is_stale(verify_at(time, kSecond, kNow - kSecond), "not_yet_valid"));
}

TEST(Freshness, FailsWithoutAnyTimeLimit) {
  EXPECT_TRUE(is_stale(verify_at({kNow, {}, Standing::open}, {}), "no_time_limit"));
  Setting setting;
  setting.challenge = Challenge::exact_nonce(setting.nonce);
  EXPECT_TRUE(is_stale(setting.verify(), "no_time_limit"));
  setting.policy.max_age = seconds(300);  // counts from a time that nobody stated
  EXPECT_TRUE(is_stale(setting.verify(), "no_time_limit"));
}

TEST(Freshness, FailsForAChallengeThatDoesNotStandWithinItsTimeToo) {
  const ChallengeTime used{kNow, kNow, Standing::used_before};
  EXPECT_TRUE(is_stale(verify_at(used, {}), "used_before"));
  EXPECT_TRUE(is_stale(verify_at(used, {}, kNow + kSecond), "used_before"));
  EXPECT_TRUE(is_stale(verify_at({kNow, {}, Standing::used_before}, {}), "used_before"));
  EXPECT_TRUE(is_stale(verify_at({kNow, kNow, Standing::not_issued}, {}), "not_issued"));
}

TEST(Freshness, FailsForAChallengeThatEndsBeforeItStarts) {
  const ChallengeTime time{kNow + kSecond, kNow - kSecond, Standing::open};
  for (const seconds when : {-kSecond, seconds(0), kSecond}) {
    EXPECT_FALSE(verify_at(time, {}, kNow + when).accepted());
  }
}

TEST(Freshness, IsAnsweredAtTheEndsOfTime) {
  const ChallengeTime late{Instant::max(), {}, Standing::open};
  EXPECT_TRUE(verify_at(late, seconds(86'400), Instant::max()).accepted());
  EXPECT_TRUE(is_stale(verify_at(late, seconds(86'400)), "not_yet_valid"));
  const ChallengeTime early{Instant::min(), {}, Standing::open};
  EXPECT_TRUE(is_stale(verify_at(early, seconds(86'400)), "expired"));
}

// No policy file says so; one that is made by hand may.
TEST(Freshness, FailsWithAMaxAgeBelowZero) {
  for (const seconds age : {-kSecond, seconds::min()}) {
    EXPECT_TRUE(is_stale(verify_at({kNow, kNow, Standing::open}, age), "expired"));
    EXPECT_TRUE(is_stale(verify_at({Instant::min(), {}, Standing::open}, age), "expired"));
  }
}

TEST(Freshness, CanBeWaived) {
  Setting setting;
  setting.challenge = Challenge::exact_nonce(setting.nonce);
  setting.waive(Check::freshness, "an audit of last year");
  const Verdict verdict = setting.verify();
  EXPECT_TRUE(verdict.accepted());
  EXPECT_EQ(verdict.result(Check::freshness), CheckResult::waived);
}

}  // namespace
}  // namespace keystone
