// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/base/keys.hpp"
#include "keystone/verifier/check.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a verifier trusts and expects. Format of the file: docs/policies.md,
// test-vectors/schema/policy.schema.json.
namespace keystone {

// An entry that counts no more, whatever the time.
struct Revocation {
  Instant at;          // when it was revoked, for the record
  std::string reason;  // not empty
};

// A device that was enrolled: the trust anchor of its reports.
struct RegisteredDevice {
  std::string name;  // unique among devices
  DevicePublicKey key;
  Validity validity;
  std::optional<Revocation> revoked;
};

// An enclave or a Security Monitor that is expected.
template <class Hash>
struct ReferenceValue {
  std::string name;                    // unique among its kind
  std::optional<std::string> profile;  // how it was measured: a profile's or platform's name
  Hash hash;
  Validity validity;
  std::optional<Revocation> revoked;
};

// What an entry is about: its key or its hash.
[[nodiscard]] inline const DevicePublicKey& value_of(const RegisteredDevice& device) {
  return device.key;
}
template <class Hash>
[[nodiscard]] const Hash& value_of(const ReferenceValue<Hash>& reference) {
  return reference.hash;
}

// The checks that a policy waives, each with its reason.
class Waivers {
 public:
  // The longest reason, in bytes; one has no control characters.
  static constexpr std::size_t kMaxReason = 512;

  // `usage` if the check cannot be waived, was waived before, or the reason is not a line of text.
  [[nodiscard]] Status add(Check check, std::string reason);

  // The reason, or a null pointer if the check is not waived.
  [[nodiscard]] const std::string* find(Check check) const;

  [[nodiscard]] const std::map<Check, std::string>& all() const { return reasons_; }

 private:
  std::map<Check, std::string> reasons_;
};

// A default Policy accepts nothing: no device is registered and no hash expected. Where two entries
// have the same key or hash, one that is revoked decides.
struct Policy {
  std::vector<RegisteredDevice> devices;
  std::vector<ReferenceValue<SmHash>> security_monitors;
  std::vector<ReferenceValue<EnclaveHash>> enclaves;
  Waivers waivers;
  // The longest that a challenge may have been out, 1 s to 1 day; absent: as the challenge says.
  std::optional<std::chrono::seconds> max_age;

  // Reads `text` (JSON, comments allowed) strictly: `malformed` with the path of the place, or
  // `limit_exceeded`. It must pass check_complete().
  [[nodiscard]] static Result<Policy> parse(std::string_view text);

  // As parse(), for a policy that is still being put together: lists may lack.
  [[nodiscard]] static Result<Policy> parse_draft(std::string_view text);

  // `malformed`, naming the list, where something is expected and nothing is there: devices always,
  // security_monitors and enclaves unless their check is waived.
  [[nodiscard]] Status check_complete() const;

  // The policy's text: a fixed order of keys, entries as they stand, one line feed at the end.
  // Fails with `malformed` for a text that is not UTF-8, `limit_exceeded` above what parse() reads.
  [[nodiscard]] Result<std::string> serialize() const;
};

}  // namespace keystone
