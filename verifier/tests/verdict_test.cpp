// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/verdict.hpp"

#include "appraisal.hpp"
#include "keystone/testing/vectors.hpp"
#include "setting.hpp"

#include <type_traits>

namespace keystone {
namespace {

using testing::rejects_for;
using testing::require_keys;
using testing::Setting;

// Only a Verifier makes one that may accept.
static_assert(!std::is_constructible_v<Verdict, std::shared_ptr<const detail::Appraisal>,
                                       detail::SignatureAnswers>);

std::vector<Check> all_checks() {
  return {kAllChecks.begin(), kAllChecks.end()};
}

TEST(Verdict, ThatNobodyMadeRejects) {
  const Verdict verdict;
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.with(CheckResult::not_evaluated), all_checks());
  for (const Check check : kAllChecks) {
    EXPECT_EQ(verdict.finding(check).check, check);
    EXPECT_EQ(verdict.finding(check).reason, "internal");
  }
  EXPECT_EQ(summary(verdict).find("rejected: root_of_trust, device_key"), 0U);
}

TEST(Verdict, AcceptsWhenEveryCheckPassed) {
  const Verdict verdict = Setting().verify();
  EXPECT_TRUE(verdict.accepted());
  EXPECT_EQ(verdict.with(CheckResult::passed), all_checks());
  EXPECT_EQ(summary(verdict), "accepted");
  for (const Finding& finding : verdict.findings()) {
    EXPECT_EQ(finding.reason, "") << to_string(finding.check);
    EXPECT_NE(finding.field, "") << to_string(finding.check);
    EXPECT_NE(finding.got, "") << to_string(finding.check);
    EXPECT_NE(finding.want, "") << to_string(finding.check);
  }
}

TEST(Verdict, SaysWhatWasWaivedAndWhy) {
  Setting setting;
  setting.policy.enclaves.clear();
  setting.waive(Check::enclave_hash, "any enclave of this build farm");
  setting.challenge = Challenge::exact_nonce(setting.nonce);
  setting.waive(Check::freshness, "an audit of last year");
  const Verdict verdict = setting.verify();
  EXPECT_TRUE(verdict.accepted());
  EXPECT_EQ(summary(verdict), "accepted (waived: enclave_hash, freshness)");
  EXPECT_EQ(verdict.finding(Check::enclave_hash).reason, "any enclave of this build farm");
  EXPECT_EQ(verdict.finding(Check::freshness).reason, "an audit of last year");
}

TEST(Verdict, SaysThatAWaiverWasNotNeeded) {
  Setting setting;
  setting.waive(Check::sm_key_strength, "old boards");
  const Verdict verdict = setting.verify();
  EXPECT_EQ(summary(verdict), "accepted");
  EXPECT_EQ(verdict.result(Check::sm_key_strength), CheckResult::passed);
  EXPECT_EQ(verdict.finding(Check::sm_key_strength).reason, "waiver not needed: old boards");
}

TEST(Verdict, RejectsForEachFailureAtOnce) {
  Setting setting;
  setting.policy.enclaves.clear();
  setting.policy.security_monitors.clear();
  const Verdict verdict = setting.verify();
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(summary(verdict), "rejected: sm_hash, enclave_hash");
}

TEST(Verdict, WaivesNoCheckThatCouldNotBeAsked) {
  Setting setting;
  ReportFields fields = setting.attester.fields(setting.nonce.bytes());
  fields.sm_hash = SmHash(std::array<std::uint8_t, SmHash::kSize>{});
  setting.report = Report::from_fields(fields).value();
  setting.policy.security_monitors[0].hash = fields.sm_hash;
  setting.waive(Check::sm_key_strength, "boards without a root of trust");
  const Verdict verdict = setting.verify();
  EXPECT_TRUE(rejects_for(verdict, Check::root_of_trust, "hash_zero"));
  EXPECT_EQ(verdict.with(CheckResult::not_evaluated),
            (std::vector{Check::sm_signature, Check::sm_key_strength}));
  EXPECT_EQ(summary(verdict), "rejected: root_of_trust");
}

// No input makes the hash function fail; the decision on its failure is looked at alone.
TEST(Verdict, HasNoAnswerWhereTheLibraryBelowHasNone) {
  const auto decision = detail::decide_signature(fail(ErrorCode::internal, "there is no memory"));
  EXPECT_EQ(decision.result, CheckResult::not_evaluated);
  EXPECT_EQ(decision.reason, "internal");
}

TEST(VerdictJson, HasEveryFindingInTheOrderOfTheChecks) {
  const Verdict verdict = Setting().verify();
  const auto json = nlohmann::json::parse(to_json(verdict));
  require_keys(json, {"schema", "accepted", "findings"});
  EXPECT_EQ(json["schema"], "keystone.verdict/1");
  EXPECT_EQ(json["accepted"], true);
  ASSERT_EQ(json["findings"].size(), kCheckCount);
  for (std::size_t i = 0; i < kCheckCount; ++i) {
    const Finding finding = verdict.finding(kAllChecks[i]);
    const auto& shown = json["findings"][i];
    require_keys(shown, {"check", "result", "field", "got", "want", "reason"});
    EXPECT_EQ(shown["check"], to_string(kAllChecks[i]));
    EXPECT_EQ(shown["result"], "passed");
    EXPECT_EQ(shown["field"], finding.field);
    EXPECT_EQ(shown["got"], finding.got);
    EXPECT_EQ(shown["want"], finding.want);
    EXPECT_EQ(shown["reason"], finding.reason);
  }
}

TEST(VerdictJson, SaysTheSameOnOneLine) {
  Setting setting;
  setting.waive(Check::enclave_hash, "spaces  are \"kept\"");
  setting.policy.enclaves.clear();
  const Verdict verdict = setting.verify();
  const std::string line = to_json(verdict, JsonLayout::one_line);
  EXPECT_EQ(line, nlohmann::ordered_json::parse(to_json(verdict)).dump());
}

TEST(VerdictJson, OfAVerdictThatNobodyMadeRejects) {
  const auto json = nlohmann::json::parse(to_json(Verdict()));
  EXPECT_EQ(json["accepted"], false);
  for (const auto& finding : json["findings"]) {
    EXPECT_EQ(finding["result"], "not_evaluated");
  }
}

TEST(VerdictJson, IsUtf8WhateverTheReasonOfAWaiver) {
  Setting setting;
  setting.policy.enclaves.clear();
  setting.waive(Check::enclave_hash, "Latin-1: \xe4");
  const auto json = nlohmann::json::parse(to_json(setting.verify()));
  EXPECT_EQ(json["findings"][7]["reason"], "Latin-1: \xef\xbf\xbd");
}

}  // namespace
}  // namespace keystone
