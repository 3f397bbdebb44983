// SPDX-License-Identifier: Apache-2.0
// Verdicts under which nothing that the evidence says is believed: every claim is 99.
#include "ear_support.hpp"

namespace keystone {
namespace {

using namespace testing;

TEST(EarMapping, BelievesNothingUnderAWrongSignature) {
  Setting by_other_sm;
  auto fields = by_other_sm.attester.fields(by_other_sm.nonce.bytes());
  testing::sign_as_sm(fields, testing::key_for("another"));
  by_other_sm.report = Report::from_fields(fields).value();
  expect_worthless(by_other_sm);
  Setting by_other_device;
  fields = by_other_device.attester.fields(by_other_device.nonce.bytes());
  testing::sign_as_device(fields, testing::key_for("another"));
  by_other_device.report = Report::from_fields(fields).value();
  expect_worthless(by_other_device);
}

TEST(EarMapping, BelievesNothingWithoutARootOfTrust) {
  Setting setting;
  auto fields = setting.attester.fields(setting.nonce.bytes());
  fields.sm_hash = SmHash(std::array<std::uint8_t, 64>{});
  setting.report = Report::from_fields(fields).value();
  expect_worthless(setting);
}

TEST(EarMapping, BelievesNothingForAnotherNonce) {
  Setting setting;
  setting.report = setting.attester.report(testing::bytes_for<32>("another nonce"));
  expect_worthless(setting);
  Setting unasked;
  unasked.challenge = Challenge::none();
  expect_worthless(unasked);
}

TEST(EarMapping, BelievesNothingOutOfTime) {
  using Standing = ChallengeTime::Standing;
  const ChallengeTime times[] = {{kNow - seconds(9), kNow - seconds(1), Standing::open},
                                 {kNow + seconds(1), kNow + seconds(9), Standing::open},
                                 {kNow - seconds(9), kNow + seconds(9), Standing::used_before},
                                 {kNow - seconds(9), kNow + seconds(9), Standing::not_issued},
                                 {kNow - seconds(9), std::nullopt, Standing::open}};
  for (const ChallengeTime& time : times) {
    Setting setting;
    setting.challenge = Challenge::exact_nonce(setting.nonce).at(time);
    expect_worthless(setting);
  }
}

TEST(EarMapping, BelievesNothingThatWasNotEvaluated) {
  const auto result = ear_of(Verdict(), context());
  expect_rejected(result);
  EXPECT_EQ(result.submods.at("sm").claims, TrustVector::all(99));
}

TEST(EarMapping, KeepsItsClaimsWhereFreshnessIsWaived) {
  Setting setting;
  setting.challenge = Challenge::none();
  setting.waive(Check::report_data, "recordings will do");
  setting.waive(Check::freshness, "recordings will do");
  const auto result = result_of(setting);
  EXPECT_EQ(claims_of(result), good());
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.findings[9], (EarFinding{"freshness", "waived", "recordings will do"}));
}

// Several things at once: what is wrong with one part does not hide another.

}  // namespace
}  // namespace keystone
