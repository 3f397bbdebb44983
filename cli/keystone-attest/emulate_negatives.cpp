// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_negatives.hpp"

#include "common/exit_codes.hpp"
#include "common/json_text.hpp"
#include "keystone-attest/emulate_negatives_cases.hpp"

#include <iterator>

namespace keystone::cli::attest {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPolicy = "policy.json";
constexpr const char* kTestKeyPolicy = "policy-test-key.json";  // the same, and the test key

// The challenge is always of the same minutes: whoever verifies says when now is.
constexpr const char* kIssued = "2026-01-01T11:59:00Z";
constexpr const char* kNow = "2026-01-01T12:00:00Z";
constexpr const char* kExpires = "2026-01-01T12:04:00Z";

std::string file_of(const NegativeCase& one) {
  return "evidence/" + one.name + (one.format == ReportFormat::json ? ".json" : ".bin");
}

// {"device_key": "revoked"}: the checks with that result, and their reasons.
Json reasons(const NegativeCase& one, CheckResult result) {
  Json json = Json::object();
  for (const ExpectedFinding& finding : one.findings) {
    if (finding.result == result) {
      json[std::string(to_string(finding.check))] = finding.reason;
    }
  }
  return json;
}

Json entry(const NegativeCase& one) {
  const bool accepted = one.is_report && one.findings.empty();
  const char* const result = accepted ? "accepted" : one.is_report ? "rejected" : "not-a-report";
  return {{"name", one.name},
          {"file", file_of(one)},
          {"format", to_string(one.format)},
          {"policy", one.registers_test_key ? kTestKeyPolicy : kPolicy},
          {"result", result},
          {"exit_code", accepted        ? kExitDone
                        : one.is_report ? kExitNo
                                        : kExitInput},
          {"failed", reasons(one, CheckResult::failed)},
          {"not_evaluated", reasons(one, CheckResult::not_evaluated)},
          {"why", one.why}};
}

std::string manifest(const NegativesSeed& seed, const Workshop& workshop,
                     const NegativeCases& cases) {
  Json entries = Json::array();
  for (const NegativeCase& one : cases) {
    entries.push_back(entry(one));
  }
  return json_text({{"schema", "keystone.negatives/1"},
                    {"seed", hex::encode(seed)},
                    {"challenge",
                     {{"nonce", hex::encode(workshop.nonce)},
                      {"issued", kIssued},
                      {"expires", kExpires},
                      {"now", kNow}}},
                    {"cases", std::move(entries)}});
}

void append(NegativeCases& all, NegativeCases more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

Result<NegativeCases> make_cases(const Workshop& workshop, const Report& good) {
  KEYSTONE_TRY(auto all, accepted_cases(workshop, good));
  KEYSTONE_TRY(auto honest, honest_cases(workshop));
  append(all, std::move(honest));
  KEYSTONE_TRY(auto forged, forged_cases(workshop, good));
  append(all, std::move(forged));
  KEYSTONE_TRY(auto cut, cut_cases(workshop, good));
  append(all, std::move(cut));
  append(all, json_cases(good));
  return all;
}

}  // namespace

Result<std::vector<NegativesFile>> make_negatives(const NegativesSeed& seed) {
  KEYSTONE_TRY(const auto workshop, Workshop::open(seed));
  KEYSTONE_TRY(const auto good, attest(Scene::good(workshop)));
  KEYSTONE_TRY(auto cases, make_cases(workshop, good));
  Policy policy = policy_for(workshop, good);
  KEYSTONE_TRY(auto policy_text, policy.serialize());
  policy.devices.push_back({"test-board", workshop.test_device.public_key(), {}, {}});
  KEYSTONE_TRY(auto test_key_policy_text, policy.serialize());

  std::vector<NegativesFile> files = {{kPolicy, std::move(policy_text)},
                                      {kTestKeyPolicy, std::move(test_key_policy_text)}};
  std::string last = manifest(seed, workshop, cases);
  for (NegativeCase& one : cases) {
    files.push_back({file_of(one), std::move(one.content)});
  }
  files.push_back({"manifest.json", std::move(last)});
  return files;
}

}  // namespace keystone::cli::attest
