// SPDX-License-Identifier: Apache-2.0
#include "appraisal.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/verifier/known_keys.hpp"

#include <algorithm>

namespace keystone::detail {
namespace {

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

// The reason of a waiver for a check that may have one, or null.
const std::string* waiver_of(const Policy& policy, Check check) {
  return is_waivable(check) ? policy.waivers.find(check) : nullptr;
}

}  // namespace

Appraisal::Appraisal(std::shared_ptr<const Policy> policy, Report report, Challenge challenge,
                     Instant now)
    : policy_(std::move(policy)),
      report_(std::move(report)),
      challenge_(std::move(challenge)),
      now_(now),
      device_(select(policy_->devices, report_.claimed_device_key(), now, "not_registered")) {}

const DevicePublicKey* Appraisal::sm_part_key() const {
  return device_.entry == nullptr || !missing_root().empty() ? nullptr : &device_.entry->key;
}

// A waiver turns a failure into `waived`, and nothing else.
Decisions Appraisal::decide(const SignatureAnswers& answers) const {
  Decisions decisions{};
  for (const Check check : kAllChecks) {
    Decision& decision = decisions[static_cast<std::size_t>(check)];
    decision = decide(check, answers);
    if (decision.result == CheckResult::failed && waiver_of(*policy_, check) != nullptr) {
      decision.result = CheckResult::waived;
    }
  }
  return decisions;
}

Decision Appraisal::decide(Check check, const SignatureAnswers& answers) const {
  switch (check) {
    case Check::root_of_trust:
      return decide_by(missing_root());
    case Check::device_key:
      return decide_by(device_.reason);
    case Check::test_device_key:
      return decide_by(is_test_key_claimed() || is_test_key_registered() ? "published_test_key"
                                                                         : "");
    case Check::sm_signature:
      return decide_sm_signature(answers.sm_part);
    case Check::sm_key_strength:
      return decide_sm_key_strength();
    case Check::sm_hash:
      return decide_by(expected_sm().reason);
    case Check::enclave_signature:
      return decide_signature(answers.enclave);
    case Check::enclave_hash:
      return decide_by(expected_enclave().reason);
    case Check::report_data:
      return decide_data(report_.data(), challenge_);
    case Check::freshness:
      return decide_freshness(challenge_, policy_->max_age, now_);
  }
  KEYSTONE_ASSERT(false);
}

Decision Appraisal::decide_sm_signature(const Result<SignatureResult>& answer) const {
  if (!missing_root().empty()) {
    return not_evaluated("no_root_of_trust");
  }
  return device_.entry == nullptr ? not_evaluated("no_device_key") : decide_signature(answer);
}

Decision Appraisal::decide_sm_key_strength() const {
  if (!missing_root().empty()) {
    return not_evaluated("no_root_of_trust");
  }
  return decide_by(is_weak_sm_key(report_.sm_public_key()) ? "weak_key" : "");
}

// Where there was nothing to go by, nothing is wanted; where there was no failure to waive, the
// finding still says that the policy would have.
Finding Appraisal::finding(Check check, const Decision& decision) const {
  Values of = values(check);
  Finding finding{check,
                  decision.result,
                  std::move(of.field),
                  std::move(of.got),
                  decision.result == CheckResult::not_evaluated ? "" : std::move(of.want),
                  std::string(decision.reason)};
  const std::string* const waiver = waiver_of(*policy_, check);
  if (decision.result == CheckResult::waived && waiver != nullptr) {
    finding.reason = *waiver;
  } else if (decision.result == CheckResult::passed && waiver != nullptr) {
    finding.reason = "waiver not needed: " + *waiver;
  }
  return finding;
}

Values Appraisal::values(Check check) const {
  switch (check) {
    case Check::root_of_trust:
      return {"security_monitor",
              missing_root().empty() ? "a hash and a key" : std::string(missing_root()),
              "a hash and a key that are not zero"};
    case Check::device_key:
      return values_of_entry("device_pubkey", report_.claimed_device_key(), device_,
                             "a registered device key");
    case Check::test_device_key:
      return values_of_test_key();
    case Check::sm_signature:
      return values_of_signature("security_monitor.signature", report_.sm_signature(),
                                 device_.entry == nullptr ? "" : device_.entry->key.hex());
    case Check::sm_key_strength:
      return {"security_monitor.pubkey", report_.sm_public_key().hex(),
              "a key that is not one of the 8192 weak ones"};
    case Check::sm_hash:
      return values_of_entry("security_monitor.hash", report_.sm_hash(), expected_sm(),
                             "an expected security monitor");
    case Check::enclave_signature:
      return values_of_signature("enclave.signature", report_.enclave_signature(),
                                 report_.sm_public_key().hex());
    case Check::enclave_hash:
      return values_of_entry("enclave.hash", report_.enclave_hash(), expected_enclave(),
                             "an expected enclave");
    case Check::report_data:
      return values_of_data(report_.data(), challenge_);
    case Check::freshness:
      return values_of_freshness(challenge_, policy_->max_age, now_);
  }
  KEYSTONE_ASSERT(false);
}

Values Appraisal::values_of_test_key() const {
  return {"device_pubkey",
          is_test_key_registered() ? test_device_key().hex() : report_.claimed_device_key().hex(),
          "a key that is not the published test key"};
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

bool Appraisal::is_test_key_claimed() const {
  return report_.claimed_device_key() == test_device_key();
}

bool Appraisal::is_test_key_registered() const {
  return device_.entry == nullptr && std::any_of(policy_->devices.begin(), policy_->devices.end(),
                                                 [](const RegisteredDevice& device) {
                                                   return device.key == test_device_key();
                                                 });
}

Selection<ReferenceValue<SmHash>> Appraisal::expected_sm() const {
  return select(policy_->security_monitors, report_.sm_hash(), now_, "not_expected");
}

Selection<ReferenceValue<EnclaveHash>> Appraisal::expected_enclave() const {
  return select(policy_->enclaves, report_.enclave_hash(), now_, "not_expected");
}

}  // namespace keystone::detail
