// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keystone {

// The questions that a verdict answers, each by itself, in the order in which they are shown. The
// enumerators are the words in JSON, on the command line and in policies.
enum class Check : std::uint8_t {
  root_of_trust,      // the platform measured a Security Monitor at all: hash and key are not zero
  device_key,         // the claimed device key is in the registry, not revoked, within its validity
  test_device_key,    // it is not the published test key, whose secret everybody has
  sm_signature,       // the device signed the Security Monitor's hash and key
  sm_key_strength,    // that key is not one of the 8,192 that a flaw of the boot ROM leads to
  sm_hash,            // the Security Monitor is one that the policy expects
  enclave_signature,  // the Security Monitor signed the enclave's hash and data
  enclave_hash,       // the enclave is one that the policy expects
  report_data,        // the data are what the challenge asks for
  freshness,          // the challenge is within its time, and was not used before
};

inline constexpr std::array kAllChecks = {
    Check::root_of_trust,   Check::device_key, Check::test_device_key,   Check::sm_signature,
    Check::sm_key_strength, Check::sm_hash,    Check::enclave_signature, Check::enclave_hash,
    Check::report_data,     Check::freshness};
inline constexpr std::size_t kCheckCount = kAllChecks.size();
static_assert(static_cast<std::size_t>(Check::freshness) + 1 == kCheckCount);

[[nodiscard]] std::string_view to_string(Check check);

// The check of that word; `usage`, naming `field` and with a hint, if there is none.
[[nodiscard]] Result<Check> parse_check(std::string_view field, std::string_view word);

// Whether a policy may waive it. Not the root of trust, the device key and the two signatures:
// without these nothing that a report says is worth anything.
[[nodiscard]] constexpr bool is_waivable(Check check) {
  return check != Check::root_of_trust && check != Check::device_key &&
         check != Check::sm_signature && check != Check::enclave_signature;
}

}  // namespace keystone
