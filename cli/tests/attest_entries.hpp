// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/policy_edit.hpp"

#include <string>

#include <gtest/gtest.h>

// Entries for tests of policies.
namespace keystone::cli::attest {

inline const Instant kNow = Instant(std::chrono::seconds(1'700'000'000));
inline const Revocation kRevoked = {kNow, "lost"};

template <class Bytes>
Bytes filled(char digit) {
  return Bytes::from_hex("bytes", std::string(2 * Bytes::kSize, digit)).value();
}

inline RegisteredDevice device(const std::string& name, char digit) {
  return {name, filled<DevicePublicKey>(digit), {}, {}};
}

inline GoldenInput input() {
  return {"file", filled<FileDigest>('0')};
}

// Enclaves `hello` and `adieu`, firmware `board` and `own`.
inline GoldenFile golden() {
  GoldenFile golden;
  golden.enclaves.push_back({"hello",
                             "keystone-loader-rv64",
                             input(),
                             input(),
                             input(),
                             false,
                             {},
                             filled<EnclaveHash>('a')});
  golden.enclaves.push_back(
      {"adieu", "rust-sdk-0.3", input(), input(), input(), false, {}, filled<EnclaveHash>('b')});
  golden.security_monitors.push_back(
      {"board", "generic", input(), {}, {}, {}, filled<SmHash>('c')});
  golden.security_monitors.push_back({"own", {}, input(), 1, 2, {}, filled<SmHash>('d')});
  return golden;
}

// A policy with these four, and no device.
inline Policy with_references() {
  Policy policy;
  EXPECT_EQ(add_references(policy, golden(), {}, {}), true);
  return policy;
}

inline std::string text_of(const Policy& policy) {
  return policy.serialize().value();
}

}  // namespace keystone::cli::attest
