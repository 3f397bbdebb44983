// SPDX-License-Identifier: Apache-2.0
// Reports that genuine code made or that were changed from such: the answer to each is given, check
// by check.
#include "keystone/testing/vectors.hpp"
#include "keystone/verifier/verifier.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using testing::read_vector_json;
using testing::require_keys;

const Instant kAnyTime = Instant(std::chrono::seconds(1'700'000'000));

std::vector<std::uint8_t> unhex(const nlohmann::json& text) {
  return hex::decode("vector", text.get<std::string>()).value();
}

// What the case calls known; the two checks of the challenge are waived, as it says.
Policy policy_of(const nlohmann::json& test) {
  Policy policy;
  policy.devices.push_back(
      {"device",
       DevicePublicKey::from_hex("device_pub", test["device_pub"].get<std::string>()).value(),
       {},
       {}});
  policy.security_monitors.push_back(
      {"sm",
       {},
       SmHash::from_hex("sm_hash", test["expected_sm_hash"].get<std::string>()).value(),
       {},
       {}});
  policy.enclaves.push_back(
      {"enclave",
       {},
       EnclaveHash::from_hex("hash", test["expected_enclave_hash"].get<std::string>()).value(),
       {},
       {}});
  EXPECT_TRUE(policy.waivers.add(Check::report_data, "no challenge in these cases"));
  EXPECT_TRUE(policy.waivers.add(Check::freshness, "no challenge in these cases"));
  return policy;
}

std::vector<std::string> words(const std::vector<Check>& checks) {
  std::vector<std::string> words;
  for (const Check check : checks) {
    words.emplace_back(to_string(check));
  }
  std::sort(words.begin(), words.end());
  return words;
}

Result<Report> report_of(const nlohmann::json& test) {
  if (test.contains("json")) {
    const auto text = test["json"].get<std::string>();
    return Report::parse({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  return Report::parse(unhex(test["report_hex"]));
}

// Not read here: what the reference says, and what became of it ("ref", "ref_...", "asan", "note").
void require_keys_of_case(const nlohmann::json& test) {
  std::vector<std::string> keys = {"name",
                                   "expected_enclave_hash",
                                   "expected_sm_hash",
                                   "device_pub",
                                   "ref",
                                   "note",
                                   "asan",
                                   "ref_tojson",
                                   "strict"};
  keys.emplace_back(test.contains("json") ? "json" : "report_hex");
  if (test.contains("ref_stderr")) {
    keys.emplace_back("ref_stderr");
  }
  require_keys(test, keys);
}

TEST(Reports, EachCaseAnswersAsTheVectorSays) {
  const auto vectors = read_vector_json("reports.json");
  require_keys(vectors, {"what", "cases"});
  ASSERT_EQ(vectors["cases"].size(), 29U);
  for (const auto& test : vectors["cases"]) {
    SCOPED_TRACE(test["name"].get<std::string>());
    require_keys_of_case(test);
    const auto report = report_of(test);
    const auto& strict = test["strict"];
    ASSERT_EQ(report.has_value(), strict["result"] != "malformed");
    if (!report) {
      require_keys(strict, {"result"});
      continue;
    }
    require_keys(strict, {"result", "failed"});
    const Verdict verdict =
        Verifier(policy_of(test)).verify({*report}, Challenge::none(), kAnyTime);
    EXPECT_EQ(verdict.accepted(), strict["result"] == "accepted");
    EXPECT_EQ(words(verdict.with(CheckResult::failed)),
              strict["failed"].get<std::vector<std::string>>());
  }
}

}  // namespace
}  // namespace keystone
