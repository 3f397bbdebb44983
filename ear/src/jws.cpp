// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/jws.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/base/json_writer.hpp"
#include "kid.hpp"
#include "strict_json.hpp"

#include <array>
#include <optional>

namespace keystone {
namespace {

using detail::Json;

constexpr std::size_t kMaxHeader = 4096;  // bytes of JSON

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Header {
  std::string algorithm;
  std::string kid;
};

struct Parts {
  std::string_view header, payload, signature;
  std::string_view signed_part;  // the first two with the dot between them
};

Result<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return fail(ErrorCode::malformed, "token: want three parts with dots between them");
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// The text of the JSON object that a part spells.
Result<std::string> decode_text(std::string_view field, std::string_view part) {
  KEYSTONE_TRY(const auto bytes, base64::decode(field, part, base64::Form::url));
  return std::string(bytes.begin(), bytes.end());
}

template <class Value>
Result<Value> about(std::string_view field, Result<Value> result) {
  return result ? std::move(result) : Result<Value>(fail(result.error().within(field)));
}

// Whether a header or a claim says that the token is a JWT; RFC 7515, section 4.1.9 allows the long
// form of a media type, and any case.
bool is_jwt(std::string type) {
  for (char& c : type) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return type == "jwt" || type == "application/jwt";
}

Result<Header> read_header(std::string_view part) {
  KEYSTONE_TRY(const auto text, decode_text("header", part));
  KEYSTONE_TRY(const auto json, about("header", detail::read_claims(text, kMaxHeader)));
  Header header;
  KEYSTONE_TRY(header.algorithm, detail::text_at(json, "header", "alg"));
  // `crit` lists what must be understood (RFC 7515, section 4.1.11), `b64` changes what is signed
  // (RFC 7797): of both we know nothing.
  for (const char* const key : {"crit", "b64"}) {
    if (json.contains(key)) {
      return fail(ErrorCode::malformed, "header." + std::string(key) + ": not supported");
    }
  }
  if (json.contains("typ")) {
    KEYSTONE_TRY(const auto type, detail::text_at(json, "header", "typ"));
    if (!is_jwt(type)) {
      return detail::wrong_claim("header.typ", "JWT");
    }
  }
  if (json.contains("kid")) {
    KEYSTONE_TRY(header.kid, detail::text_at(json, "header", "kid"));
    KEYSTONE_CHECK_OK(detail::check_kid("header.kid", header.kid));
  }
  return header;
}

std::string header_of(std::string_view kid) {
  JsonWriter json(JsonLayout::one_line);
  json.begin_object();
  json.text_at("alg", "ES256");
  json.text_at("kid", kid);
  json.text_at("typ", "JWT");
  json.end_object();
  return std::move(json).take();
}

struct Times {
  std::optional<std::int64_t> issued, not_before, expires;
};

Result<Times> read_times(const Json& claims) {
  Times times;
  KEYSTONE_TRY(times.issued, detail::time_if_there(claims, "payload", "iat"));
  KEYSTONE_TRY(times.not_before, detail::time_if_there(claims, "payload", "nbf"));
  KEYSTONE_TRY(times.expires, detail::time_if_there(claims, "payload", "exp"));
  return times;
}

JwsResult judge_times(const Times& times, Instant now, std::chrono::seconds leeway) {
  const std::int64_t at = now.time_since_epoch().count();
  const std::int64_t early = at + leeway.count();
  const std::int64_t late = at - leeway.count();
  if ((times.not_before && early < *times.not_before) || (times.issued && early < *times.issued)) {
    return JwsResult::not_yet_valid;
  }
  return times.expires && late >= *times.expires ? JwsResult::expired : JwsResult::valid;
}

Result<JwsResult> check_signature(const Header& header, const Parts& parts, const JwkSet& keys) {
  if (header.algorithm != "ES256") {
    return JwsResult::other_algorithm;
  }
  KEYSTONE_TRY(const auto bytes, base64::decode("signature", parts.signature, base64::Form::url));
  KEYSTONE_TRY(const auto signature, Es256Signature::from("signature", bytes));
  const Es256PublicKey* const key = keys.find(header.kid);
  if (key == nullptr) {
    return JwsResult::unknown_key;
  }
  KEYSTONE_TRY(const bool matches, es256_verify(*key, bytes_of(parts.signed_part), signature));
  return matches ? JwsResult::valid : JwsResult::mismatch;
}

}  // namespace

std::string_view to_string(JwsResult result) {
  switch (result) {
    case JwsResult::valid:
      return "valid";
    case JwsResult::other_algorithm:
      return "other_algorithm";
    case JwsResult::unknown_key:
      return "unknown_key";
    case JwsResult::mismatch:
      return "mismatch";
    case JwsResult::not_yet_valid:
      return "not_yet_valid";
    case JwsResult::expired:
      return "expired";
  }
  KEYSTONE_ASSERT(false);
}

Result<std::string> jws_sign(std::string_view payload, std::string_view kid,
                             const JwsSigner& signer) {
  if (const auto checked = detail::check_kid("kid", kid); !checked) {
    return fail(ErrorCode::usage, checked.error().message);
  }
  std::string token = base64::encode(bytes_of(header_of(kid)), base64::Form::url) + "." +
                      base64::encode(bytes_of(payload), base64::Form::url);
  KEYSTONE_TRY(const auto signature, signer(bytes_of(token)));
  token += "." + base64::encode(signature.bytes(), base64::Form::url);
  if (token.size() > kMaxToken) {
    return fail(ErrorCode::usage, "token: got " + std::to_string(token.size()) +
                                      " bytes, want at most " + std::to_string(kMaxToken));
  }
  return token;
}

Result<CheckedJws> jws_verify(std::string_view token, const JwkSet& keys, Instant now,
                              std::chrono::seconds leeway) {
  if (token.size() > kMaxToken) {
    return fail(ErrorCode::limit_exceeded, "token: got " + std::to_string(token.size()) +
                                               " bytes, want at most " + std::to_string(kMaxToken));
  }
  KEYSTONE_TRY(const auto parts, split(token));
  KEYSTONE_TRY(auto header, read_header(parts.header));
  KEYSTONE_TRY(const auto signed_by, check_signature(header, parts, keys));
  CheckedJws checked{signed_by, std::move(header.kid), {}};
  if (signed_by != JwsResult::valid) {
    return checked;
  }
  // Nothing of the payload is read before it is known who wrote it.
  KEYSTONE_TRY(auto text, decode_text("payload", parts.payload));
  KEYSTONE_TRY(const auto claims, about("payload", detail::read_claims(text, kMaxToken)));
  KEYSTONE_TRY(const auto times, read_times(claims));
  checked.result = judge_times(times, now, leeway);
  if (checked.result == JwsResult::valid) {
    checked.payload = std::move(text);
  }
  return checked;
}

}  // namespace keystone
