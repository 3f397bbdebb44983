// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/es256.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// JSON Web Keys (RFC 7517) of the one kind that signs attestation results: public, EC, P-256.
namespace keystone {

struct Jwk {
  std::string kid;  // names the key in tokens; empty: it has no name
  Es256PublicKey key;
};

// Reads one key. `malformed` unless it is of that kind, for ES256 and for signatures as far as it
// says what it is for, and has no private part; `limit_exceeded` above JwkSet::kMaxText bytes.
[[nodiscard]] Result<Jwk> parse_jwk(std::string_view text);

// {"alg":"ES256","crv":"P-256","kid":...,"kty":"EC","use":"sig","x":...,"y":...} on one line,
// without a line feed; no `kid` where there is none.
[[nodiscard]] std::string to_json(const Jwk& jwk);

// The thumbprint of RFC 7638 with SHA-256 in base64url, 43 characters: a name for a key that says
// which it is. `internal` when the hash function cannot run.
[[nodiscard]] Result<std::string> thumbprint(const Es256PublicKey& key);

// The keys that tokens may be signed with.
class JwkSet {
 public:
  static constexpr std::size_t kMaxText = std::size_t{64} * 1024;  // bytes
  static constexpr std::size_t kMaxKeys = 64;
  static constexpr std::size_t kMaxKid = 256;  // bytes, printable ASCII

  // Reads {"keys": [...]}. Keys of other kinds or uses are left out (RFC 7517, section 5); one of
  // ours that is damaged, a name that is there twice and a private part are `malformed`, too many
  // `limit_exceeded`. A set may be empty: it verifies nothing.
  [[nodiscard]] static Result<JwkSet> parse(std::string_view text);

  // `usage` for a name that is there already or cannot be one, and beyond kMaxKeys.
  [[nodiscard]] Status add(Jwk jwk);

  // The key for a token with that name (empty: it names none): the one of that name. A set of one
  // key needs no names: that key is meant where it or the token has none. A null pointer if there
  // is no such key; else as long as this object lives.
  [[nodiscard]] const Es256PublicKey* find(std::string_view kid) const;

  [[nodiscard]] const std::vector<Jwk>& keys() const { return keys_; }

  // {"keys":[...]} in the order of keys(), on one line, without a line feed.
  [[nodiscard]] std::string serialize() const;

 private:
  std::vector<Jwk> keys_;
};

}  // namespace keystone
