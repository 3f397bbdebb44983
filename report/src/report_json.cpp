// SPDX-License-Identifier: Apache-2.0
#include "report_json.hpp"

#include "keystone/base/json.hpp"

namespace keystone {
namespace {

// A report has at most 3 KB of hex; the rest may be white space.
constexpr JsonLimits kLimits = {
    .max_bytes = std::size_t{64} << 10U, .max_values = 64, .max_depth = 4, .comments = false};

template <class Field>
Result<Field> field_at(const JsonObject& object, std::string_view key) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  return Field::from_hex(object.path_of(key), text);
}

Result<std::vector<std::uint8_t>> read_data(const JsonObject& enclave) {
  KEYSTONE_TRY(const auto size, enclave.unsigned_at("datalen", {0, ReportLayout::kMaxData}));
  KEYSTONE_TRY(const auto text, enclave.string_at("data"));
  KEYSTONE_TRY(auto data, hex::decode(enclave.path_of("data"), text));
  if (data.size() != size) {
    return fail(ErrorCode::malformed, enclave.path_of("data") + ": got " +
                                          std::to_string(data.size()) +
                                          " bytes, want datalen, which is " + std::to_string(size));
  }
  return data;
}

std::string member(std::string_view key, const std::string& value) {
  return "\"" + std::string(key) + "\": \"" + value + "\"";
}

}  // namespace

Result<ReportFields> detail::read_report_json(std::string_view text) {
  KEYSTONE_TRY(const auto root, parse_json_object(text, kLimits));
  KEYSTONE_TRY(const auto device_key, field_at<DevicePublicKey>(root, "device_pubkey"));
  KEYSTONE_TRY(const auto sm, root.object_at("security_monitor"));
  KEYSTONE_TRY(const auto enclave, root.object_at("enclave"));
  KEYSTONE_CHECK_OK(root.no_others());

  KEYSTONE_TRY(const auto sm_hash, field_at<SmHash>(sm, "hash"));
  KEYSTONE_TRY(const auto sm_key, field_at<SmPublicKey>(sm, "pubkey"));
  KEYSTONE_TRY(const auto sm_signature, field_at<Signature>(sm, "signature"));
  KEYSTONE_CHECK_OK(sm.no_others());

  KEYSTONE_TRY(const auto enclave_hash, field_at<EnclaveHash>(enclave, "hash"));
  KEYSTONE_TRY(auto data, read_data(enclave));
  KEYSTONE_TRY(const auto enclave_signature, field_at<Signature>(enclave, "signature"));
  KEYSTONE_CHECK_OK(enclave.no_others());
  return ReportFields{enclave_hash, std::move(data), enclave_signature, sm_hash,
                      sm_key,       sm_signature,    device_key};
}

// Keys by name and these separators: as sdk/src/verifier/Report.cpp of keystone 88c49ee prints it.
// Hex needs no escapes.
std::string Report::encode_json() const {
  return "{" + member("device_pubkey", claimed_device_key().hex()) + ", \"enclave\": {" +
         member("data", hex::encode(data())) + ", \"datalen\": " + std::to_string(data_size_) +
         ", " + member("hash", enclave_hash().hex()) + ", " +
         member("signature", enclave_signature().hex()) + "}, \"security_monitor\": {" +
         member("hash", sm_hash().hex()) + ", " + member("pubkey", sm_public_key().hex()) + ", " +
         member("signature", sm_signature().hex()) + "}}";
}

}  // namespace keystone
