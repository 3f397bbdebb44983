// SPDX-License-Identifier: Apache-2.0
#include "attestd/checkpoint.hpp"

#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"
#include "keystone/ear/jws.hpp"

namespace keystone::server::attestd {
namespace {

// When it was signed is no question here: a checkpoint never grows old.
constexpr Instant kEndOfTime{std::chrono::seconds(253'402'300'799)};  // 9999-12-31T23:59:59Z

std::string payload_of(const AuditHead& head, Instant now) {
  return R"({"schema":")" + std::string(kCheckpointSchema) + R"(","seq":)" +
         std::to_string(head.seq) + R"(,"hash":")" + head.hash.hex() + R"(","iat":)" +
         std::to_string(now.time_since_epoch().count()) + "}";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The key that a token says it was signed with.
Result<std::string> named_key(std::string_view jws) {
  KEYSTONE_TRY(auto checked, jws_verify(jws, JwkSet(), kEndOfTime, std::chrono::seconds(0)));
  return std::move(checked.kid);
}

Result<Checkpoint> checkpoint_of(std::string_view payload, std::string_view jws) {
  KEYSTONE_TRY(const auto json, parse_json_object(payload));
  KEYSTONE_TRY(const auto schema, json.string_at("schema"));
  if (schema != kCheckpointSchema) {
    return fail(ErrorCode::malformed,
                "schema: got " + printable(schema) + ", want " + std::string(kCheckpointSchema));
  }
  KEYSTONE_TRY(const auto seq, json.unsigned_at("seq"));
  KEYSTONE_TRY(const auto digits, json.string_at("hash"));
  KEYSTONE_TRY(const auto hash, ChainHash::from_hex("hash", digits));
  KEYSTONE_TRY(const auto seconds, json.unsigned_at("iat", {0, 253'402'300'799}));
  KEYSTONE_CHECK_OK(json.no_others());
  const Instant time{std::chrono::seconds(static_cast<std::int64_t>(seconds))};
  return Checkpoint{{seq, hash}, time, std::string(jws)};
}

}  // namespace

Result<Checkpoint> sign_checkpoint(const AuditHead& head, Instant now, const ResultSigner& signer) {
  KEYSTONE_TRY(auto jws, signer.sign(payload_of(head, now)));
  return Checkpoint{head, now, std::move(jws)};
}

Result<Checkpoint> make_checkpoint(Store& store, Instant now, const ResultSigner& signer) {
  KEYSTONE_TRY(const auto head, store.audit_head());
  KEYSTONE_TRY(auto checkpoint, sign_checkpoint(head, now, signer));
  if (head.seq != 0) {  // of an empty log there is nothing to keep
    KEYSTONE_CHECK_OK(store.add_checkpoint(checkpoint));
  }
  return checkpoint;
}

bool is_signed_by_known(std::string_view jws, const CheckpointKeys& keys) {
  const auto named = named_key(trimmed(jws));
  return !named || keys.has(*named);
}

Result<Checkpoint> read_checkpoint(std::string_view jws, const CheckpointKeys& keys) {
  const std::string_view text = trimmed(jws);
  KEYSTONE_TRY(const auto kid, named_key(text));
  KEYSTONE_TRY(const auto key, keys.only(kid));
  KEYSTONE_TRY(const auto checked, jws_verify(text, key, kEndOfTime, std::chrono::seconds(0)));
  if (checked.result != JwsResult::valid) {
    return fail(ErrorCode::malformed, "signature: " + std::string(to_string(checked.result)));
  }
  return checkpoint_of(checked.payload, text);
}

}  // namespace keystone::server::attestd
