// SPDX-License-Identifier: Apache-2.0
// The C API says of every report that we have what the C++ library says.
#include "keystone/testing/vectors.hpp"
#include "support.hpp"

namespace keystone {
namespace {

using nlohmann::json;
using testing::made;
using testing::OwnedChallenge;
using testing::OwnedPolicy;
using testing::OwnedReport;
using testing::OwnedVerdict;
using testing::read_vector_file;
using testing::read_vector_json;
using testing::succeeds;

using Bytes = std::vector<std::uint8_t>;

std::string text(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

// Expects one device, firmware and enclave, named as the C API names them.
Policy policy_of(const std::string& device, const std::string& sm, const std::string& enclave) {
  Policy policy;
  policy.devices.push_back(
      {"device-1", DevicePublicKey::from_hex("device", device).value(), {}, {}});
  policy.security_monitors.push_back(
      {"security-monitor-1", {}, SmHash::from_hex("sm", sm).value(), {}, {}});
  policy.enclaves.push_back(
      {"enclave-1", {}, EnclaveHash::from_hex("enclave", enclave).value(), {}, {}});
  return policy;
}

// The same policy, put together by functions.
OwnedPolicy by_functions(const Policy& policy) {
  auto made_policy = made<OwnedPolicy>(keystone_policy_new);
  keystone_policy* const to = made_policy.get();
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_policy_add_device(to, policy.devices.front().key.bytes().data(), e);
  }));
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_policy_add_sm_hash(to, policy.security_monitors.front().hash.bytes().data(), e);
  }));
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_policy_add_enclave_hash(to, policy.enclaves.front().hash.bytes().data(), e);
  }));
  for (const auto& [check, reason] : policy.waivers.all()) {
    const std::string word(to_string(check));
    EXPECT_TRUE(succeeds([&, &why = reason](auto** e) {
      return keystone_policy_waive(to, word.c_str(), why.c_str(), e);
    }));
  }
  return made_policy;
}

keystone_check_result number_of(CheckResult result) {
  switch (result) {
    case CheckResult::not_evaluated:
      return KEYSTONE_NOT_EVALUATED;
    case CheckResult::passed:
      return KEYSTONE_PASSED;
    case CheckResult::failed:
      return KEYSTONE_FAILED;
    case CheckResult::waived:
      return KEYSTONE_WAIVED;
  }
  throw std::logic_error("a result of no name");
}

void expect_same(const OwnedVerdict& got, const Verdict& want) {
  EXPECT_EQ(keystone_verdict_accepted(got.get()), want.accepted() ? 1 : 0);
  EXPECT_EQ(keystone_verdict_json(got.get()), to_json(want));
  EXPECT_EQ(keystone_verdict_summary(got.get()), summary(want));
  ASSERT_EQ(keystone_verdict_count(got.get()), want.findings().size());
  for (std::size_t i = 0; i < want.findings().size(); ++i) {
    keystone_finding finding = {};
    ASSERT_TRUE(
        succeeds([&](auto** e) { return keystone_verdict_finding(got.get(), i, &finding, e); }));
    const Finding expected = want.finding(kAllChecks[i]);
    EXPECT_EQ(finding.check, std::string(to_string(expected.check)));
    EXPECT_EQ(finding.result, number_of(expected.result));
    EXPECT_EQ(finding.field, expected.field);
    EXPECT_EQ(finding.got, expected.got);
    EXPECT_EQ(finding.want, expected.want);
    EXPECT_EQ(finding.reason, expected.reason);
  }
}

// Asks both for the report with these data; answers whether there was a report.
bool expect_same_answers(const Bytes& bytes, const Policy& policy, const Bytes& data) {
  const auto report = Report::parse(bytes);
  if (!report) {
    EXPECT_TRUE(testing::makes_nothing<OwnedReport>(
        KEYSTONE_ERROR_MALFORMED, report.error().message, keystone_report_parse, bytes.data(),
        bytes.size(), KEYSTONE_FORMAT_ANY, 0U));
    return false;
  }
  const Verdict want =
      Verifier(policy).verify({*report}, Challenge::exact_data(data).value(), testing::kNow);
  const auto c_report = testing::c_report(bytes);
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_data, data.data(), data.size());
  for (const bool parsed : {true, false}) {
    const auto c_policy = parsed ? testing::c_policy(policy) : by_functions(policy);
    const auto verifier = made<testing::OwnedVerifier>(keystone_verifier_new, c_policy.get());
    expect_same(made<OwnedVerdict>(keystone_verify, verifier.get(), c_report.get(), challenge.get(),
                                   testing::seconds_of(testing::kNow)),
                want);
  }
  return true;
}

Bytes bytes_of(const json& test) {
  if (test.contains("json")) {
    const std::string report = text(test, "json");
    return {report.begin(), report.end()};
  }
  return hex::decode("report", text(test, "report_hex")).value();
}

TEST(CAgreement, OnEachCaseOfTheVectors) {
  const json vectors = read_vector_json("reports.json");
  int reports = 0;
  int others = 0;
  for (const json& test : vectors.at("cases")) {
    SCOPED_TRACE(text(test, "name"));
    const Policy policy = policy_of(text(test, "device_pub"), text(test, "expected_sm_hash"),
                                    text(test, "expected_enclave_hash"));
    (expect_same_answers(bytes_of(test), policy, {}) ? reports : others) += 1;
  }
  EXPECT_EQ(reports, 14);
  EXPECT_EQ(others, 15);
}

TEST(CAgreement, OnEachGenuineReport) {
  const json manifest = read_vector_json("genuine/manifest.json");
  std::map<std::string, std::string> sm_hashes;
  for (const json& run : manifest.at("runs")) {
    sm_hashes[text(run, "run")] = text(run, "sm_hash");
  }
  int reports = 0;
  for (const json& enclave : manifest.at("enclaves")) {
    for (const json& report : enclave.value("reports", json::array())) {
      SCOPED_TRACE(text(report, "file"));
      Policy policy = policy_of(text(manifest, "device_public_key"),
                                sm_hashes.at(text(enclave, "run")), text(enclave, "enclave_hash"));
      for (const Check check : {Check::test_device_key, Check::sm_key_strength, Check::freshness}) {
        EXPECT_TRUE(policy.waivers.add(check, "an emulated machine"));
      }
      const Bytes bytes = read_vector_file("genuine/" + text(report, "file"));
      const Bytes data = hex::decode("data", text(report, "data")).value();
      EXPECT_TRUE(expect_same_answers(bytes, policy, data));
      ++reports;
    }
  }
  EXPECT_EQ(reports, 15);
}

}  // namespace
}  // namespace keystone
