// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/digest.hpp"
#include "keystone/crypto_sign/secret_key.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/policy.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

// A device, its firmware and an enclave that report as Keystone's do. Keys and hashes are made from
// labels: the same in every run.
namespace keystone::testing {

// The first N bytes of SHA3-512 over the label.
template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> bytes_for(std::string_view label) {
  static_assert(N <= Digest512::kSize);
  const ByteView text(reinterpret_cast<const std::uint8_t*>(label.data()), label.size());
  const Digest512 digest = sha3_512(text).value();
  std::array<std::uint8_t, N> bytes{};
  std::copy_n(digest.bytes().begin(), N, bytes.begin());
  return bytes;
}

template <class Field>
[[nodiscard]] Field field_for(std::string_view label) {
  return Field(bytes_for<Field::kSize>(label));
}

[[nodiscard]] SecretKey key_for(std::string_view label);

// What each signature of a report of these fields is over.
[[nodiscard]] std::vector<std::uint8_t> message_of_sm(const ReportFields& fields);
[[nodiscard]] std::vector<std::uint8_t> message_of_device(const ReportFields& fields);

// Sign, whatever public keys the fields have.
void sign_as_sm(ReportFields& fields, const SecretKey& key);
void sign_as_device(ReportFields& fields, const SecretKey& key);

// What a test does not change is as it should be.
struct Attester {
  SecretKey device = key_for("device");
  SecretKey sm = key_for("security monitor");
  SmHash sm_hash = field_for<SmHash>("security monitor hash");
  EnclaveHash enclave_hash = field_for<EnclaveHash>("enclave hash");

  [[nodiscard]] DevicePublicKey device_key() const { return DevicePublicKey(device.public_key()); }
  [[nodiscard]] SmPublicKey sm_key() const { return SmPublicKey(sm.public_key()); }

  // Both signatures made.
  [[nodiscard]] ReportFields fields(ByteView data) const;
  [[nodiscard]] Report report(ByteView data) const;

  // Expects this device, firmware and enclave; waives nothing.
  [[nodiscard]] Policy policy() const;
};

}  // namespace keystone::testing
