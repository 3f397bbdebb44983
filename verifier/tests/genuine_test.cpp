// SPDX-License-Identifier: Apache-2.0
// Reports that a genuine Security Monitor signed, under a genuine boot ROM and the published test
// device key: right in everything but for two keys that everybody has.
#include "keystone/testing/vectors.hpp"
#include "setting.hpp"

namespace keystone {
namespace {

using nlohmann::json;
using testing::kNow;
using testing::kOpen;
using testing::read_vector_file;
using testing::read_vector_json;
using testing::require_keys;

const std::vector<Check> kKnownKeys = {Check::test_device_key, Check::sm_key_strength};

std::string text(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

const json& run_of(const json& manifest, const json& enclave) {
  for (const json& run : manifest.at("runs")) {
    if (run.at("run") == enclave.at("run")) {
      return run;
    }
  }
  throw std::runtime_error("an enclave of no run");
}

Policy policy_of(const json& manifest, const json& enclave) {
  const json& run = run_of(manifest, enclave);
  Policy policy;
  policy.devices.push_back(
      {"qemu",
       DevicePublicKey::from_hex("device", text(manifest, "device_public_key")).value(),
       {},
       {}});
  policy.security_monitors.push_back(
      {"sm", {}, SmHash::from_hex("sm", text(run, "sm_hash")).value(), {}, {}});
  policy.enclaves.push_back(
      {"enclave",
       {},
       EnclaveHash::from_hex("enclave", text(enclave, "enclave_hash")).value(),
       {},
       {}});
  return policy;
}

Policy with_waivers(Policy policy) {
  for (const Check check : kKnownKeys) {
    EXPECT_TRUE(policy.waivers.add(check, "a machine under emulation"));
  }
  return policy;
}

void check_report(const json& vector, const Policy& policy) {
  require_keys(vector, {"file", "data"});
  const auto report = Report::parse(read_vector_file("genuine/" + text(vector, "file"))).value();
  const auto data = hex::decode("data", text(vector, "data")).value();
  const auto challenge = Challenge::exact_data(data).value().at(kOpen);

  const Verdict strict = Verifier(policy).verify({report}, challenge, kNow);
  EXPECT_FALSE(strict.accepted());
  EXPECT_EQ(strict.with(CheckResult::failed), kKnownKeys);
  EXPECT_EQ(strict.with(CheckResult::not_evaluated), std::vector<Check>());

  const Verifier lenient(with_waivers(policy));
  const Verdict waived = lenient.verify({report}, challenge, kNow);
  EXPECT_TRUE(waived.accepted()) << summary(waived);
  EXPECT_EQ(waived.with(CheckResult::waived), kKnownKeys);

  auto other = data;
  other.push_back(0);
  const auto asked = Challenge::exact_data(other);
  if (asked) {  // there is no challenge of more than 1024 bytes
    EXPECT_TRUE(testing::rejects_for(lenient.verify({report}, asked->at(kOpen), kNow),
                                     Check::report_data, "mismatch"));
  }
}

TEST(GenuineReports, AreRightButForTheKeysThatEverybodyHas) {
  const json manifest = read_vector_json("genuine/manifest.json");
  require_keys(manifest,
               {"what", "device_public_key", "runs", "enclaves", "files_of_loader_rv64_E0"});
  int reports = 0;
  for (const json& enclave : manifest.at("enclaves")) {
    SCOPED_TRACE(text(enclave, "run") + " " + text(enclave, "enclave"));
    if (!enclave.contains("reports")) {
      EXPECT_NE(enclave.at("create_error"), 0);
      continue;
    }
    for (const json& report : enclave.at("reports")) {
      check_report(report, policy_of(manifest, enclave));
      ++reports;
    }
  }
  EXPECT_EQ(reports, 15);
}

// No enclave's report passes for another's.
TEST(GenuineReports, AreOfTheirOwnEnclaveAlone) {
  const json manifest = read_vector_json("genuine/manifest.json");
  for (const json& enclave : manifest.at("enclaves")) {
    for (const json& other : manifest.at("enclaves")) {
      if (!enclave.contains("reports") || !other.contains("reports") ||
          enclave.at("enclave_hash") == other.at("enclave_hash")) {
        continue;
      }
      const std::string file = "genuine/" + text(enclave.at("reports")[0], "file");
      const Verdict verdict =
          Verifier(with_waivers(policy_of(manifest, other)))
              .verify({Report::parse(read_vector_file(file)).value()}, Challenge::none(), kNow);
      EXPECT_EQ(verdict.result(Check::enclave_hash), CheckResult::failed);
    }
  }
}

}  // namespace
}  // namespace keystone
