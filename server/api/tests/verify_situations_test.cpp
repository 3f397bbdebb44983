// SPDX-License-Identifier: Apache-2.0
// The situations of test-vectors/verify/, as POST /v1/verify is asked about them.
#include "keystone/base/base64.hpp"
#include "read_situations.hpp"
#include "site.hpp"

#include <gtest/gtest.h>

namespace keystone::testing {
namespace {

class VerifyRoute : public ::testing::TestWithParam<std::string> {};

// What cannot be said in a request: that nothing was asked, that nobody knows when, or that the
// challenge is not one of the verifier's own, which here is the caller's affair.
bool can_be_asked(const Situation& situation) {
  return situation.kind != "none" && situation.time && situation.time->standing != "not_issued";
}

Json request_of(const Situation& situation) {
  const bool is_json = !situation.report.empty() && situation.report.front() == '{';
  Json challenge = {{"kind", situation.kind},
                    {"value", hex::encode(situation.value)},
                    {"issued", to_string(situation.time->issued)}};
  if (situation.time->expires) {
    challenge["expires"] = to_string(*situation.time->expires);
  }
  return {{"evidence", base64::encode(situation.report, base64::Form::standard)},
          {"media_type", std::string(kReportType) + (is_json ? "+json" : "")},
          {"challenge", challenge}};
}

Answer answer_in(const Reply& reply) {
  if (reply.status == 400 || reply.status == 413) {
    return {"malformed", {}, {}, {}, {}};
  }
  const Json body = reply.json();
  Answer answer;
  answer.outcome = body.at("accepted") == true ? "accepted" : "rejected";
  for (const Json& finding : body.at("verdict").at("findings")) {
    answer.add(finding.at("check").get<std::string>(), finding.at("result").get<std::string>(),
               finding.at("reason").get<std::string>());
  }
  return answer;
}

Reply ask_about(Site& site, const Situation& situation) {
  site.now = situation.now;
  site.put("/v1/policies/default", situation.policy);
  const Asking asking = {request_of(situation).dump(), {{"Content-Type", "application/json"}}};
  if (situation.time->standing == "used_before") {
    (void)site.ask_as(server::Role::verifier, "POST", "/v1/verify", asking);
  }
  return site.ask_as(server::Role::verifier, "POST", "/v1/verify", asking);
}

TEST_P(VerifyRoute, AnswersAsExpected) {
  const Situation situation = read_situation(GetParam());
  if (!can_be_asked(situation)) {
    return;
  }
  Site site;
  EXPECT_EQ(answer_in(ask_about(site, situation)), situation.want);
}

INSTANTIATE_TEST_SUITE_P(All, VerifyRoute, ::testing::ValuesIn(situation_names()),
                         [](const auto& tested) { return test_name(tested.param); });

// A row of the mapping to AR4SI, and a situation that is it.
struct Row {
  const char* situation;
  const char* submod;
  TrustClaim claim;
  int value;
  TrustTier status;
};

// Each line of the standards' mapping. The values are those of draft-ietf-rats-ar4si, section 2.3.
const std::vector<Row> kRows = {
    {"a-good-report-in-fixed-form", "platform", TrustClaim::instance_identity, 2,
     TrustTier::affirming},
    {"a-good-report-in-fixed-form", "platform", TrustClaim::runtime_opaque, 0,
     TrustTier::affirming},
    {"a-good-report-in-fixed-form", "sm", TrustClaim::executables, 3, TrustTier::affirming},
    {"a-good-report-in-fixed-form", "enclave", TrustClaim::executables, 3, TrustTier::affirming},
    {"the-enclave-signature-has-a-bit-flipped", "enclave", TrustClaim::executables, 99,
     TrustTier::contraindicated},
    {"the-enclave-signature-has-a-bit-flipped", "platform", TrustClaim::hardware, 99,
     TrustTier::contraindicated},
    {"the-sm-signature-has-a-bit-flipped", "sm", TrustClaim::executables, 99,
     TrustTier::contraindicated},
    {"the-data-are-another-nonce", "platform", TrustClaim::sourced_data, 99,
     TrustTier::contraindicated},
    {"the-challenge-has-expired", "sm", TrustClaim::executables, 99, TrustTier::contraindicated},
    {"the-challenge-was-answered-before", "enclave", TrustClaim::configuration, 99,
     TrustTier::contraindicated},
    {"the-sm-part-is-zero-under-a-registered-device", "sm", TrustClaim::executables, 99,
     TrustTier::contraindicated},
    {"the-claim-is-right-but-the-registry-lacks-it", "platform", TrustClaim::instance_identity, 97,
     TrustTier::contraindicated},
    {"the-device-is-revoked", "platform", TrustClaim::instance_identity, 96,
     TrustTier::contraindicated},
    {"the-device-is-revoked", "sm", TrustClaim::executables, 3, TrustTier::contraindicated},
    {"the-device-key-is-the-published-test-key", "platform", TrustClaim::hardware, 96,
     TrustTier::contraindicated},
    {"the-test-device-key-is-waived", "platform", TrustClaim::hardware, 32, TrustTier::warning},
    {"the-sm-key-is-one-of-the-weak-ones", "platform", TrustClaim::hardware, 96,
     TrustTier::contraindicated},
    {"a-weak-sm-key-is-waived", "platform", TrustClaim::hardware, 32, TrustTier::warning},
    {"the-sm-hash-is-not-expected", "sm", TrustClaim::executables, 33, TrustTier::contraindicated},
    {"the-sm-hash-is-revoked", "sm", TrustClaim::executables, 96, TrustTier::contraindicated},
    {"any-firmware-is-waived-through", "sm", TrustClaim::executables, 33, TrustTier::warning},
    {"the-enclave-hash-is-not-expected", "enclave", TrustClaim::executables, 33,
     TrustTier::contraindicated},
    {"the-enclave-hash-is-revoked", "enclave", TrustClaim::executables, 96,
     TrustTier::contraindicated},
    {"any-enclave-is-waived-through", "enclave", TrustClaim::executables, 33, TrustTier::warning},
};

TEST(Ear, SaysOfEachSituationWhatTheMappingSays) {
  for (const Row& row : kRows) {
    const Situation situation = read_situation(row.situation);
    Site site;
    const auto reply = ask_about(site, situation);
    ASSERT_EQ(reply.status, 200U) << row.situation;
    const auto ear = site.ear_in(reply.json().at("ear").get<std::string>());
    const EarSubmod& submod = ear.submods.at(row.submod);
    EXPECT_EQ(submod.claims[row.claim], row.value) << row.situation;
    EXPECT_EQ(submod.status, row.status) << row.situation;
    EXPECT_EQ(ear.accepted(), situation.want.outcome == "accepted") << row.situation;
  }
}

TEST(VerifyRouteSituations, AreMostOfThem) {
  std::size_t asked = 0;
  for (const std::string& name : situation_names()) {
    asked += can_be_asked(read_situation(name)) ? 1U : 0U;
  }
  EXPECT_GE(asked, 60U);
}

}  // namespace
}  // namespace keystone::testing
