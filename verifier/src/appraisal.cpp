// SPDX-License-Identifier: Apache-2.0
#include "appraisal.hpp"

#include "keystone/verifier/known_keys.hpp"

#include <algorithm>

namespace keystone::detail {
namespace {

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

// A waiver turns a failure into `waived`, and nothing else; where there was none to turn, the
// finding still says that the policy would have.
Finding with_waiver(Check check, Judgement judgement, const Waivers& waivers) {
  Finding finding{check,
                  judgement.result,
                  std::move(judgement.field),
                  std::move(judgement.got),
                  std::move(judgement.want),
                  std::move(judgement.reason)};
  const std::string* const waiver = waivers.find(check);
  if (waiver == nullptr || !is_waivable(check)) {
    return finding;
  }
  if (finding.result == CheckResult::failed) {
    finding.result = CheckResult::waived;
    finding.reason = *waiver;
  } else if (finding.result == CheckResult::passed) {
    finding.reason = "waiver not needed: " + *waiver;
  }
  return finding;
}

}  // namespace

Appraisal::Appraisal(const Policy& policy, const Report& report, const Challenge& challenge,
                     Instant now)
    : policy_(policy),
      report_(report),
      challenge_(challenge),
      now_(now),
      device_(select(policy.devices, report.claimed_device_key(), now, "not_registered")) {}

const DevicePublicKey* Appraisal::sm_part_key() const {
  return device_.entry == nullptr || !missing_root().empty() ? nullptr : &device_.entry->key;
}

std::array<Finding, kCheckCount> Appraisal::findings(const SignatureAnswers& answers) const {
  std::array<Finding, kCheckCount> findings{};
  for (const Check check : kAllChecks) {
    findings[static_cast<std::size_t>(check)] =
        with_waiver(check, judge(check, answers), policy_.waivers);
  }
  return findings;
}

Judgement Appraisal::judge(Check check, const SignatureAnswers& answers) const {
  switch (check) {
    case Check::root_of_trust:
      return root_of_trust();
    case Check::device_key:
      return judge_entry("device_pubkey", report_.claimed_device_key(), device_,
                         "a registered device key");
    case Check::test_device_key:
      return test_device_key();
    case Check::sm_signature:
      return sm_signature(answers.sm_part);
    case Check::sm_key_strength:
      return sm_key_strength();
    case Check::sm_hash:
      return judge_entry("security_monitor.hash", report_.sm_hash(),
                         select(policy_.security_monitors, report_.sm_hash(), now_, "not_expected"),
                         "an expected security monitor");
    case Check::enclave_signature:
      return judge_signature("enclave.signature", report_.enclave_signature().hex(),
                             report_.sm_public_key().hex(), answers.enclave);
    case Check::enclave_hash:
      return judge_entry("enclave.hash", report_.enclave_hash(),
                         select(policy_.enclaves, report_.enclave_hash(), now_, "not_expected"),
                         "an expected enclave");
    case Check::report_data:
      return judge_data(report_.data(), challenge_);
    case Check::freshness:
      return judge_freshness(challenge_, policy_.max_age, now_);
  }
  KEYSTONE_ASSERT(false);
}

std::string_view Appraisal::missing_root() const {
  if (is_zero(report_.sm_part())) {
    return "all_zero";
  }
  if (is_zero(report_.sm_hash().bytes())) {
    return "hash_zero";
  }
  return is_zero(report_.sm_public_key().bytes()) ? "key_zero" : "";
}

Judgement Appraisal::root_of_trust() const {
  const std::string_view missing = missing_root();
  return {missing.empty() ? CheckResult::passed : CheckResult::failed, "security_monitor",
          missing.empty() ? "a hash and a key" : std::string(missing),
          "a hash and a key that are not zero", std::string(missing)};
}

// Where the claim selects nothing, any registered key stands for the selected one.
Judgement Appraisal::test_device_key() const {
  const auto is_test = [](const RegisteredDevice& device) {
    return device.key == keystone::test_device_key();
  };
  const bool is_claimed = report_.claimed_device_key() == keystone::test_device_key();
  const bool is_registered = device_.entry == nullptr &&
                             std::any_of(policy_.devices.begin(), policy_.devices.end(), is_test);
  const bool fails = is_claimed || is_registered;
  return {fails ? CheckResult::failed : CheckResult::passed, "device_pubkey",
          is_registered ? keystone::test_device_key().hex() : report_.claimed_device_key().hex(),
          "a key that is not the published test key", fails ? "published_test_key" : ""};
}

Judgement Appraisal::sm_signature(const Result<SignatureResult>& answer) const {
  const std::string field = "security_monitor.signature";
  const std::string got = report_.sm_signature().hex();
  if (!missing_root().empty()) {
    return not_evaluated(field, got, "no_root_of_trust");
  }
  if (device_.entry == nullptr) {
    return not_evaluated(field, got, "no_device_key");
  }
  return judge_signature(field, got, device_.entry->key.hex(), answer);
}

Judgement Appraisal::sm_key_strength() const {
  const SmPublicKey key = report_.sm_public_key();
  const std::string field = "security_monitor.pubkey";
  if (!missing_root().empty()) {
    return not_evaluated(field, key.hex(), "no_root_of_trust");
  }
  const bool weak = is_weak_sm_key(key);
  return {weak ? CheckResult::failed : CheckResult::passed, field, key.hex(),
          "a key that is not one of the 8192 weak ones", weak ? "weak_key" : ""};
}

}  // namespace keystone::detail
