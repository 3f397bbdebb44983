// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/policy_check.hpp"

#include "keystone/crypto/signature.hpp"
#include "keystone/verifier/known_keys.hpp"

#include <algorithm>

namespace keystone::cli::attest {
namespace {

// Why an entry is of no use, and since or until when; both empty if it is of use.
struct Reason {
  std::string_view word;
  std::string detail;
};

template <class Entry>
Reason reason_against(const Entry& entry, Instant now) {
  if (entry.revoked) {
    return {"revoked", "since " + to_string(entry.revoked->at) + ": " + entry.revoked->reason};
  }
  const Validity& validity = entry.validity;
  if (validity.not_before && now < *validity.not_before) {
    return {"not_yet_valid", "until " + to_string(*validity.not_before)};
  }
  if (validity.not_after && now > *validity.not_after) {
    return {"expired", "since " + to_string(*validity.not_after)};
  }
  return {};
}

Reason reason_against_key(const DevicePublicKey& key) {
  if (key == test_device_key()) {
    return {"published_test_key", {}};
  }
  const SignatureResult result = check_public_key(key.bytes());
  return result == SignatureResult::valid ? Reason() : Reason{to_string(result), {}};
}

// Counts the entries of a list, and notes those of no use.
template <class Entry, class Judge>
ListCount examine(std::string_view list, const std::vector<Entry>& entries, const Judge& judge,
                  std::vector<UnusableEntry>& unusable) {
  const std::size_t before = unusable.size();
  for (const Entry& entry : entries) {
    if (Reason reason = judge(entry); !reason.word.empty()) {
      unusable.push_back({list, entry.name, reason.word, std::move(reason.detail)});
    }
  }
  return {list, entries.size(), entries.size() - (unusable.size() - before)};
}

void warn_if_none(const ListCount& count, bool is_waived, std::vector<std::string>& warnings) {
  if (count.usable == 0 && !is_waived) {
    warnings.push_back(std::string(count.list) + ": no entry is of use, so nothing is accepted");
  }
}

}  // namespace

PolicyState check_policy(const Policy& policy, Instant now) {
  const auto by_time = [&](const auto& entry) { return reason_against(entry, now); };
  const bool test_key_passes = policy.waivers.find(Check::test_device_key) != nullptr;
  const auto by_time_and_key = [&](const RegisteredDevice& device) {
    Reason reason = by_time(device);
    if (!reason.word.empty()) {
      return reason;
    }
    reason = reason_against_key(device.key);
    return test_key_passes && device.key == test_device_key() ? Reason() : reason;
  };
  std::vector<UnusableEntry> unusable;
  const auto devices = examine("devices", policy.devices, by_time_and_key, unusable);
  const auto monitors = examine("security_monitors", policy.security_monitors, by_time, unusable);
  const auto enclaves = examine("enclaves", policy.enclaves, by_time, unusable);
  std::vector<std::string> warnings;
  warn_if_none(devices, false, warnings);
  warn_if_none(monitors, policy.waivers.find(Check::sm_hash) != nullptr, warnings);
  warn_if_none(enclaves, policy.waivers.find(Check::enclave_hash) != nullptr, warnings);
  return {now, {devices, monitors, enclaves}, std::move(unusable), std::move(warnings)};
}

std::vector<std::string> warnings_about(const RegisteredDevice& device) {
  const Reason reason = reason_against_key(device.key);
  if (reason.word.empty()) {
    return {};
  }
  const std::string title = "device '" + device.name + "': ";
  if (reason.word == "published_test_key") {
    return {title +
            "this is the published test key, whose secret half everybody has; reports under it are "
            "rejected unless test_device_key is waived"};
  }
  return {title + std::string(reason.word) + ": no signature is valid under this key"};
}

}  // namespace keystone::cli::attest
