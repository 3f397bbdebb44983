// SPDX-License-Identifier: Apache-2.0
// What the folder of `emulate negatives` says of each case, the library and the C interface say.
#include "keystone-attest/emulate_negatives.hpp"

#include "keystone/testing/files.hpp"
#include "keystone/testing/owned.hpp"
#include "keystone/testing/vectors.hpp"
#include "keystone/verifier.h"
#include "keystone/verifier/verifier.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace keystone::cli::attest {
namespace {

using nlohmann::json;
using testing::Bytes;

// What became of a case: `accepted`, `rejected` or `not-a-report`, and the reason of each check
// that did not pass, by its result and word.
struct Answer {
  std::string result;
  std::map<std::string, std::string> reasons = {};

  void add(std::string_view check, std::string_view is, std::string_view reason) {
    if (is != "passed") {
      reasons[std::string(is) + " " + std::string(check)] = reason;
    }
  }
  bool operator==(const Answer&) const = default;
};

void PrintTo(const Answer& answer, std::ostream* out) {
  *out << answer.result << " " << json(answer.reasons);
}

// The folder, made as the command makes it.
class EmulateNegatives : public ::testing::Test {
 protected:
  EmulateNegatives() {
    const auto written = write_negatives(folder_ / "made", make_negatives({1, 2, 3}).value());
    EXPECT_TRUE(written) << written.error().message;
    manifest_ = json::parse(read("manifest.json"));
  }

  [[nodiscard]] std::string read(const std::string& name) const {
    return testing::content_of(folder_ / ("made/" + name));
  }

  [[nodiscard]] const json& cases() const { return manifest_.at("cases"); }

  [[nodiscard]] const json& find(const std::string& name) const {
    return *std::find_if(cases().begin(), cases().end(),
                         [&](const json& one) { return one.at("name") == name; });
  }

  [[nodiscard]] Bytes evidence(const json& one) const {
    const std::string content = read(one.at("file"));
    return {content.begin(), content.end()};
  }

  [[nodiscard]] std::string challenge(const char* key) const {
    return manifest_.at("challenge").at(key);
  }
  [[nodiscard]] Instant time(const char* key) const {
    return parse_instant(key, challenge(key)).value();
  }
  [[nodiscard]] Bytes nonce() const { return hex::decode("nonce", challenge("nonce")).value(); }

  [[nodiscard]] static Answer expected(const json& one) {
    Answer answer{one.at("result")};
    for (const char* const result : {"failed", "not_evaluated"}) {
      for (const auto& [check, reason] : one.at(result).items()) {
        answer.add(check, result, reason.get<std::string>());
      }
    }
    return answer;
  }

 private:
  testing::TemporaryFolder folder_;
  json manifest_;
};

TEST_F(EmulateNegatives, AreAnsweredByTheLibraryAsTheManifestSays) {
  const auto asked = Challenge::exact_nonce(Nonce::from(nonce()).value());
  const auto timed = asked.at({time("issued"), time("expires"), ChallengeTime::Standing::open});
  for (const json& one : cases()) {
    Answer answer{"not-a-report"};
    if (const auto report = Report::parse(evidence(one)); report.has_value()) {
      const Verifier verifier(Policy::parse(read(one.at("policy"))).value());
      const Verdict verdict = verifier.verify({*report}, timed, time("now"));
      answer.result = verdict.accepted() ? "accepted" : "rejected";
      for (const Finding& finding : verdict.findings()) {
        answer.add(to_string(finding.check), to_string(finding.result), finding.reason);
      }
      EXPECT_EQ(to_string(report->format()), one.at("format")) << one.at("name");
    }
    EXPECT_EQ(answer, expected(one)) << one.at("name");
  }
}

using OwnedVerifier = testing::Owned<keystone_verifier, keystone_verifier_free>;
using OwnedChallenge = testing::Owned<keystone_challenge, keystone_challenge_free>;

OwnedVerifier c_verifier(const std::string& text) {
  keystone_policy* policy = nullptr;
  EXPECT_EQ(keystone_policy_parse(text.data(), text.size(), &policy, nullptr), KEYSTONE_OK);
  keystone_verifier* verifier = nullptr;
  EXPECT_EQ(keystone_verifier_new(policy, &verifier, nullptr), KEYSTONE_OK);
  keystone_policy_free(policy);
  return OwnedVerifier(verifier);
}

std::int64_t seconds(Instant instant) {
  return instant.time_since_epoch().count();
}

OwnedChallenge c_challenge(const Bytes& nonce, Instant issued, Instant expires) {
  keystone_challenge* challenge = nullptr;
  EXPECT_EQ(keystone_challenge_exact_nonce(nonce.data(), nonce.size(), &challenge, nullptr),
            KEYSTONE_OK);
  const keystone_challenge_time time = {seconds(issued), seconds(expires), KEYSTONE_STANDING_OPEN};
  EXPECT_EQ(keystone_challenge_set_time(challenge, &time, nullptr), KEYSTONE_OK);
  return OwnedChallenge(challenge);
}

Answer c_answer(const keystone_verdict* verdict) {
  const std::map<keystone_check_result, std::string> results = {
      {KEYSTONE_NOT_EVALUATED, "not_evaluated"},
      {KEYSTONE_PASSED, "passed"},
      {KEYSTONE_FAILED, "failed"},
      {KEYSTONE_WAIVED, "waived"}};
  Answer answer{keystone_verdict_accepted(verdict) == 1 ? "accepted" : "rejected"};
  for (std::size_t i = 0; i < keystone_verdict_count(verdict); ++i) {
    keystone_finding finding{};
    EXPECT_EQ(keystone_verdict_finding(verdict, i, &finding, nullptr), KEYSTONE_OK);
    answer.add(finding.check, results.at(finding.result), finding.reason);
  }
  return answer;
}

Answer c_answer(const Bytes& evidence, const keystone_verifier* verifier,
                const keystone_challenge* challenge, Instant now) {
  keystone_report* parsed = nullptr;
  const keystone_status status = keystone_report_parse(evidence.data(), evidence.size(),
                                                       KEYSTONE_FORMAT_ANY, 0, &parsed, nullptr);
  const testing::Owned<keystone_report, keystone_report_free> report(parsed);
  if (status != KEYSTONE_OK) {
    EXPECT_EQ(status, KEYSTONE_ERROR_MALFORMED);
    return {"not-a-report"};
  }
  keystone_verdict* made = nullptr;
  EXPECT_EQ(keystone_verify(verifier, parsed, challenge, seconds(now), &made, nullptr),
            KEYSTONE_OK);
  const testing::Owned<keystone_verdict, keystone_verdict_free> verdict(made);
  return c_answer(made);
}

TEST_F(EmulateNegatives, AreAnsweredByTheCInterfaceAsTheManifestSays) {
  const OwnedChallenge challenge = c_challenge(nonce(), time("issued"), time("expires"));
  for (const json& one : cases()) {
    const OwnedVerifier verifier = c_verifier(read(one.at("policy")));
    EXPECT_EQ(c_answer(evidence(one), verifier.get(), challenge.get(), time("now")), expected(one))
        << one.at("name");
  }
}

TEST_F(EmulateNegatives, AreMany) {
  EXPECT_GE(cases().size(), 70U);
}

// For every check but freshness, which is the challenge's, one case fails that check alone.
TEST_F(EmulateNegatives, HaveACaseThatFailsOneCheckAlone) {
  std::set<std::string> alone;
  for (const json& one : cases()) {
    if (one.at("failed").size() == 1) {
      alone.insert(one.at("failed").begin().key());
    }
  }
  EXPECT_EQ(alone, (std::set<std::string>{"device_key", "test_device_key", "sm_signature",
                                          "sm_key_strength", "sm_hash", "enclave_signature",
                                          "enclave_hash", "report_data"}));
}

}  // namespace
}  // namespace keystone::cli::attest
