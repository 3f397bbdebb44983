// SPDX-License-Identifier: Apache-2.0
#include "attester.hpp"

namespace keystone::testing {
namespace {

std::vector<std::uint8_t> copy_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

SecretKey key_for(std::string_view label) {
  return SecretKey::from_seed(bytes_for<SecretKey::kSeedSize>(label)).value();
}

std::vector<std::uint8_t> message_of_sm(const ReportFields& fields) {
  return copy_of(Report::from_fields(fields).value().signed_by_sm());
}

std::vector<std::uint8_t> message_of_device(const ReportFields& fields) {
  return copy_of(Report::from_fields(fields).value().signed_by_device());
}

void sign_as_sm(ReportFields& fields, const SecretKey& key) {
  fields.enclave_signature = key.sign(message_of_sm(fields)).value();
}

void sign_as_device(ReportFields& fields, const SecretKey& key) {
  fields.sm_signature = key.sign(message_of_device(fields)).value();
}

ReportFields Attester::fields(ByteView data) const {
  const Signature none(std::array<std::uint8_t, Signature::kSize>{});
  ReportFields fields{enclave_hash, copy_of(data), none, sm_hash, sm_key(), none, device_key()};
  sign_as_sm(fields, sm);
  sign_as_device(fields, device);
  return fields;
}

Report Attester::report(ByteView data) const {
  return Report::from_fields(fields(data)).value();
}

Policy Attester::policy() const {
  Policy policy;
  policy.devices.push_back({"board", device_key(), {}, {}});
  policy.security_monitors.push_back({"firmware", {}, sm_hash, {}, {}});
  policy.enclaves.push_back({"hello", {}, enclave_hash, {}, {}});
  return policy;
}

}  // namespace keystone::testing
