// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/jwk.hpp"

#include "keystone/base/base64.hpp"
#include "keystone/crypto/digest.hpp"
#include "kid.hpp"
#include "strict_json.hpp"

#include <algorithm>
#include <optional>

namespace keystone {
namespace {

using detail::Json;

constexpr std::size_t kSize = Es256PublicKey::kCoordinateSize;

// Whether `jwk` says what it is for, and that this is something else.
bool differs(const Json& jwk, const char* key, std::string_view want) {
  const auto found = jwk.find(key);
  return found != jwk.end() && *found != want;
}

// A key of the kind that we use, by what it says of itself.
bool is_ours(const Json& jwk) {
  return jwk.contains("kty") && jwk.contains("crv") && !differs(jwk, "kty", "EC") &&
         !differs(jwk, "crv", "P-256") && !differs(jwk, "alg", "ES256") &&
         !differs(jwk, "use", "sig");
}

Result<FixedBytes<struct CoordinateRole, kSize>> coordinate(const Json& jwk, std::string_view path,
                                                            std::string_view key) {
  KEYSTONE_TRY(const auto text, detail::text_at(jwk, path, key));
  const std::string name = detail::path_of(path, key);
  KEYSTONE_TRY(const auto bytes, base64::decode(name, text, base64::Form::url));
  return FixedBytes<struct CoordinateRole, kSize>::from(name, bytes);
}

Result<Jwk> read_jwk(const Json& jwk, std::string_view path) {
  if (jwk.contains("d")) {
    return fail(ErrorCode::malformed,
                detail::path_of(path, "d") + ": this is a private key, and has no place here");
  }
  std::string kid;
  if (jwk.contains("kid")) {
    KEYSTONE_TRY(kid, detail::text_at(jwk, path, "kid"));
    KEYSTONE_CHECK_OK(detail::check_kid(detail::path_of(path, "kid"), kid));
  }
  KEYSTONE_TRY(const auto x, coordinate(jwk, path, "x"));
  KEYSTONE_TRY(const auto y, coordinate(jwk, path, "y"));
  auto key = Es256PublicKey::from_coordinates(x.bytes(), y.bytes());
  if (!key) {
    return path.empty() ? fail(key.error()) : fail(key.error().within(path));
  }
  return Jwk{std::move(kid), *std::move(key)};
}

Json json_of(const Jwk& jwk) {
  Json json = {{"kty", "EC"},
               {"crv", "P-256"},
               {"alg", "ES256"},
               {"use", "sig"},
               {"x", base64::encode(jwk.key.x(), base64::Form::url)},
               {"y", base64::encode(jwk.key.y(), base64::Form::url)}};
  if (!jwk.kid.empty()) {
    json["kid"] = jwk.kid;
  }
  return json;
}

}  // namespace

namespace detail {

Status check_kid(std::string_view field, std::string_view kid) {
  const bool is_printable =
      std::all_of(kid.begin(), kid.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
  if (kid.empty() || kid.size() > JwkSet::kMaxKid || !is_printable) {
    return fail(ErrorCode::malformed, std::string(field) + ": want 1 to " +
                                          std::to_string(JwkSet::kMaxKid) +
                                          " characters of printable ASCII");
  }
  return {};
}

}  // namespace detail

Result<Jwk> parse_jwk(std::string_view text) {
  KEYSTONE_TRY(const auto json, detail::read_claims(text, JwkSet::kMaxText));
  if (!is_ours(json)) {
    return fail(ErrorCode::malformed, "want a key of EC, P-256, ES256, for signatures");
  }
  return read_jwk(json, "");
}

std::string to_json(const Jwk& jwk) {
  return detail::one_line(json_of(jwk));
}

Result<std::string> thumbprint(const Es256PublicKey& key) {
  // The members that RFC 7638, section 3.2 wants, sorted by name.
  const std::string text = detail::one_line({{"crv", "P-256"},
                                             {"kty", "EC"},
                                             {"x", base64::encode(key.x(), base64::Form::url)},
                                             {"y", base64::encode(key.y(), base64::Form::url)}});
  KEYSTONE_TRY(auto hash, Sha256::create());
  hash.update(ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  return base64::encode(std::move(hash).finish().bytes(), base64::Form::url);
}

Result<JwkSet> JwkSet::parse(std::string_view text) {
  KEYSTONE_TRY(const auto json, detail::read_claims(text, kMaxText));
  const auto keys = json.find("keys");
  if (keys == json.end() || !keys->is_array()) {
    return detail::wrong_claim("keys", "an array");
  }
  JwkSet set;
  for (std::size_t i = 0; i < keys->size(); ++i) {
    const std::string path = "keys[" + std::to_string(i) + "]";
    if (!(*keys)[i].is_object()) {
      return detail::wrong_claim(path, "an object");
    }
    if (!is_ours((*keys)[i])) {
      continue;
    }
    if (set.keys_.size() == kMaxKeys) {
      return fail(ErrorCode::limit_exceeded,
                  "keys: got more than " + std::to_string(kMaxKeys) + " of our kind");
    }
    KEYSTONE_TRY(auto jwk, read_jwk((*keys)[i], path));
    if (auto added = set.add(std::move(jwk)); !added) {
      return fail(ErrorCode::malformed, path + ": " + added.error().message);
    }
  }
  return set;
}

Status JwkSet::add(Jwk jwk) {
  if (!jwk.kid.empty()) {
    if (const auto checked = detail::check_kid("kid", jwk.kid); !checked) {
      return fail(ErrorCode::usage, checked.error().message);
    }
  }
  const bool is_there = std::any_of(keys_.begin(), keys_.end(),
                                    [&](const Jwk& other) { return other.kid == jwk.kid; });
  if (is_there) {
    return fail(ErrorCode::usage, "kid: a key of this name is there already");
  }
  if (keys_.size() == kMaxKeys) {
    return fail(ErrorCode::usage, "keys: got more than " + std::to_string(kMaxKeys));
  }
  keys_.push_back(std::move(jwk));
  return {};
}

const Es256PublicKey* JwkSet::find(std::string_view kid) const {
  if (keys_.size() == 1 && (kid.empty() || keys_.front().kid.empty())) {
    return &keys_.front().key;
  }
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const Jwk& jwk) { return !kid.empty() && jwk.kid == kid; });
  return found == keys_.end() ? nullptr : &found->key;
}

std::string JwkSet::serialize() const {
  Json keys = Json::array();
  for (const Jwk& jwk : keys_) {
    keys.push_back(json_of(jwk));
  }
  return detail::one_line({{"keys", std::move(keys)}});
}

}  // namespace keystone
