// SPDX-License-Identifier: Apache-2.0
// Compact reports that the verifier of the VTT Rust SDK was asked about. Ours gives its answer, or
// rejects what that one takes.
#include "keystone/testing/vectors.hpp"
#include "setting.hpp"

#include <algorithm>
#include <map>

namespace keystone {
namespace {

using nlohmann::json;
using testing::kNow;
using testing::kOpen;
using testing::read_vector_file;
using testing::read_vector_json;
using testing::require_keys;

// What it names first is one of these of ours. It stops there; ours goes on.
const std::map<std::string, std::vector<Check>> kErrors = {
    {"InvalidDeviceKey", {Check::device_key, Check::sm_signature}},
    {"InvalidSecureMonitorSignature", {Check::sm_signature}},
    {"InvalidEnclaveSignature", {Check::enclave_signature}},
    {"InvalidEnclaveHash", {Check::enclave_hash}},
    {"InvalidUserData", {Check::report_data}},
};

// Where ours says more than it: it takes these, or aborts on them.
const std::map<std::string, std::pair<Check, std::string>> kStricter = {
    {"sm_sig_S_plus_L", {Check::sm_signature, "s_not_reduced"}},
    {"mixed_order_A_k_even", {Check::enclave_signature, "key_mixed_order"}},
    {"enc_sig_S_plus_2L", {Check::enclave_signature, "s_not_reduced"}},
    {"sm_sig_S_topbit", {Check::sm_signature, "s_not_reduced"}},
};

template <class Field>
Field field(const json& vector, const char* key) {
  return Field::from_hex(key, vector.at(key).get<std::string>()).value();
}

Verdict verdict_on(const json& vector, const Report& report) {
  Policy policy;
  policy.devices.push_back({"device", field<DevicePublicKey>(vector, "dev_pk"), {}, {}});
  policy.security_monitors.push_back({"sm", {}, field<SmHash>(vector, "sm_hash"), {}, {}});
  policy.enclaves.push_back({"enclave", {}, field<EnclaveHash>(vector, "enclave_hash"), {}, {}});
  const auto data = hex::decode("nonce", vector.at("nonce").get<std::string>()).value();
  return Verifier(policy).verify({report}, Challenge::exact_data(data).value().at(kOpen), kNow);
}

bool failed(const Verdict& verdict, Check check) {
  return verdict.result(check) == CheckResult::failed;
}

void expect_answer(const std::string& name, const std::string& theirs, const Verdict& verdict) {
  if (const auto stricter = kStricter.find(name); stricter != kStricter.end()) {
    EXPECT_TRUE(theirs == "Success" || theirs == "PANIC") << theirs;
    const auto& [check, reason] = stricter->second;
    EXPECT_TRUE(testing::rejects_for(verdict, check, reason));
    return;
  }
  EXPECT_EQ(verdict.accepted(), theirs == "Success") << summary(verdict);
  if (theirs != "Success") {
    const auto& ours = kErrors.at(theirs);
    EXPECT_TRUE(
        std::any_of(ours.begin(), ours.end(), [&](Check check) { return failed(verdict, check); }))
        << theirs << ", ours: " << summary(verdict);
  }
}

TEST(RustSdkReports, AreAnsweredAsTheSdkDoesOrMoreStrictly) {
  const json vectors = read_vector_json("rust-sdk-0.3/evidence.json");
  require_keys(vectors, {"what", "cases"});
  ASSERT_EQ(vectors.at("cases").size(), 20U);
  std::size_t stricter = 0;
  for (const json& vector : vectors.at("cases")) {
    // Not read here: "cpp_sdk", which crypto_compat is compared with.
    require_keys(vector, {"name", "len", "nonce", "enclave_hash", "sm_hash", "dev_pk", "rust_sdk",
                          "cpp_sdk", "file"});
    const auto name = vector.at("name").get<std::string>();
    SCOPED_TRACE(name);
    const auto bytes =
        read_vector_file("rust-sdk-0.3/evidence/" + vector.at("file").get<std::string>());
    EXPECT_EQ(bytes.size(), vector.at("len"));
    const auto report = Report::parse(bytes);
    ASSERT_EQ(report.has_value(), vector.at("rust_sdk") != "ParseError");
    if (report) {
      expect_answer(name, vector.at("rust_sdk").get<std::string>(), verdict_on(vector, *report));
      stricter += kStricter.count(name);
    }
  }
  EXPECT_EQ(stricter, kStricter.size());
}

}  // namespace
}  // namespace keystone
