// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"
#include "keystone/ear/jwk.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

// JSON Web Tokens (RFC 7519) in the compact form of JWS (RFC 7515), with ES256 and nothing else.
namespace keystone {

inline constexpr std::size_t kMaxToken = std::size_t{256} * 1024;  // bytes

// Signs the bytes it is given; Es256SigningKey::sign() does.
using JwsSigner = std::function<Result<Es256Signature>(ByteView)>;

// The token of `payload`, which must be the text of a JSON object, with the header {"alg":"ES256",
// "kid":...,"typ":"JWT"}. `usage` for a `kid` that is no name of a key (JwkSet::kMaxKid) or a token
// above kMaxToken; else fails as `signer` does.
[[nodiscard]] Result<std::string> jws_sign(std::string_view payload, std::string_view kid,
                                           const JwsSigner& signer);

// What is wrong with a token: the first that holds, in this order.
enum class JwsResult : std::uint8_t {
  valid,
  other_algorithm,  // its header says another one than ES256, `none` included
  unknown_key,      // no key of the set is the one it was signed with
  mismatch,         // the signature is not of this token under that key
  not_yet_valid,    // `nbf` or `iat` is later than now
  expired,          // now is not before `exp`
};

// The enumerator's name.
[[nodiscard]] std::string_view to_string(JwsResult result);

struct CheckedJws {
  JwsResult result;
  std::string kid;      // as the token has it; printable ASCII, may be empty
  std::string payload;  // the text of a JSON object; empty unless `result` is `valid`
};

// Checks a token. `now` may be off by `leeway`, which is not negative, either way. The key comes
// from `keys` alone: what a header says of keys is ignored, and the header chooses no algorithm.
//
// An Error, `malformed` or `limit_exceeded`, for what is no token: another number of parts, base64
// that is not canonical, JSON with a key twice, a header with `crit` or `b64`, a `typ` that is not
// JWT, times that are no whole numbers. A token that must not be believed is an answer.
[[nodiscard]] Result<CheckedJws> jws_verify(std::string_view token, const JwkSet& keys, Instant now,
                                            std::chrono::seconds leeway);

}  // namespace keystone
