// SPDX-License-Identifier: Apache-2.0
// The situations of test-vectors/verify/ through the C interface.
#include "keystone/verifier.h"
#include "read_situations.hpp"

#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using testing::Answer;
using testing::Situation;

template <class Handle>
using Owned = std::unique_ptr<Handle, void (*)(Handle*)>;

using OwnedChallenge = Owned<keystone_challenge>;

void require(keystone_status status) {
  if (status != KEYSTONE_OK) {
    throw std::runtime_error("status " + std::to_string(status));
  }
}

std::int64_t unix_time(Instant instant) {
  return instant.time_since_epoch().count();
}

OwnedChallenge asked(const Situation& situation) {
  const std::uint8_t* const value = situation.value.data();
  const std::size_t size = situation.value.size();
  keystone_challenge* challenge = nullptr;
  if (situation.kind == "none") {
    require(keystone_challenge_none(&challenge, nullptr));
  } else if (situation.kind == "data") {
    require(keystone_challenge_exact_data(value, size, &challenge, nullptr));
  } else if (situation.kind == "nonce") {
    require(keystone_challenge_exact_nonce(value, size, &challenge, nullptr));
  } else if (situation.kind == "nonce_prefix") {
    require(keystone_challenge_nonce_prefix(value, size, &challenge, nullptr));
  } else {
    EXPECT_EQ(situation.kind, "channel");
    EXPECT_EQ(size, std::size_t{KEYSTONE_CHANNEL_BINDING_SIZE});
    require(keystone_challenge_channel(value, &challenge, nullptr));
  }
  return {challenge, keystone_challenge_free};
}

OwnedChallenge challenge_of(const Situation& situation) {
  const std::map<std::string, keystone_standing> standings = {
      {"open", KEYSTONE_STANDING_OPEN},
      {"used_before", KEYSTONE_STANDING_USED_BEFORE},
      {"not_issued", KEYSTONE_STANDING_NOT_ISSUED}};
  OwnedChallenge challenge = asked(situation);
  if (situation.time) {
    const auto& [issued, expires, standing] = *situation.time;
    const keystone_challenge_time time = {unix_time(issued),
                                          expires ? unix_time(*expires) : KEYSTONE_NO_EXPIRY,
                                          standings.at(standing)};
    require(keystone_challenge_set_time(challenge.get(), &time, nullptr));
  }
  return challenge;
}

Owned<keystone_verifier> verifier_for(const std::string& text) {
  keystone_policy* policy = nullptr;
  require(keystone_policy_parse(text.data(), text.size(), &policy, nullptr));
  keystone_verifier* verifier = nullptr;
  const keystone_status made = keystone_verifier_new(policy, &verifier, nullptr);
  keystone_policy_free(policy);
  require(made);
  return {verifier, keystone_verifier_free};
}

Answer answer_of(const keystone_verdict* verdict) {
  const std::map<keystone_check_result, std::string> results = {
      {KEYSTONE_NOT_EVALUATED, "not_evaluated"},
      {KEYSTONE_PASSED, "passed"},
      {KEYSTONE_FAILED, "failed"},
      {KEYSTONE_WAIVED, "waived"}};
  Answer answer{keystone_verdict_accepted(verdict) == 1 ? "accepted" : "rejected", {}, {}, {}, {}};
  for (std::size_t i = 0; i < keystone_verdict_count(verdict); ++i) {
    keystone_finding finding{};
    require(keystone_verdict_finding(verdict, i, &finding, nullptr));
    answer.add(finding.check, results.at(finding.result), finding.reason);
  }
  return answer;
}

Answer answer_to(const Situation& situation) {
  keystone_report* parsed = nullptr;
  const keystone_status status = keystone_report_parse(
      situation.report.data(), situation.report.size(), KEYSTONE_FORMAT_ANY, 0, &parsed, nullptr);
  const Owned<keystone_report> report(parsed, keystone_report_free);
  if (status != KEYSTONE_OK) {
    EXPECT_EQ(status, KEYSTONE_ERROR_MALFORMED);
    return {"malformed", {}, {}, {}, {}};
  }
  keystone_verdict* made = nullptr;
  require(keystone_verify(verifier_for(situation.policy).get(), report.get(),
                          challenge_of(situation).get(), unix_time(situation.now), &made, nullptr));
  const Owned<keystone_verdict> verdict(made, keystone_verdict_free);
  return answer_of(verdict.get());
}

class VerifySituationInC : public ::testing::TestWithParam<std::string> {};

TEST_P(VerifySituationInC, IsAnsweredAsExpected) {
  const Situation situation = testing::read_situation(GetParam());
  EXPECT_EQ(answer_to(situation), situation.want);
}

std::string name_of(const ::testing::TestParamInfo<std::string>& situation) {
  return testing::test_name(situation.param);
}
INSTANTIATE_TEST_SUITE_P(All, VerifySituationInC, ::testing::ValuesIn(testing::situation_names()),
                         name_of);

TEST(VerifySituationsInC, AreMany) {
  EXPECT_GE(testing::situation_names().size(), 40U);
}

}  // namespace
}  // namespace keystone
