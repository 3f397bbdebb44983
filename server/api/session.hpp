// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"
#include "keystone/verifier/issuer.hpp"
#include "keystone/verifier/nonce.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

// Sessions that nobody stores: what a session is stands in its id, sealed by a key that all nodes
// share, so that any of them serves it.
namespace keystone::server {

// Which policy, and which of its revisions. Revision 0, without a name, is no policy: it accepts
// nothing.
struct PolicyRef {
  std::string name;
  std::uint64_t revision = 0;

  friend auto operator<=>(const PolicyRef&, const PolicyRef&) = default;
};

struct Session {
  static constexpr std::size_t kSerialSize = 16;  // bytes

  std::array<std::uint8_t, kSerialSize> serial;  // random: names it in the store and in logs
  Nonce nonce;
  bool callers_nonce;  // the nonce is the client's, not one that this server made
  Instant issued;
  Instant expires;  // the last second
  PolicyRef policy;

  // The serial in hex. Public: no id can be made from it.
  [[nodiscard]] std::string name() const { return hex::encode(serial); }
};

using SealingKey = std::span<const std::uint8_t, 32>;

// The session's id, in base64url: its fields, and over them 32 bytes of HMAC-SHA3-512. Whoever has
// it may use the session, so it is not for logs. `usage` for a policy's name above 255 bytes,
// `internal` when the hash function cannot run.
//
//   version 1 | flags, bit 0: callers_nonce | serial 16 | issued 8 | expires 8 | policy revision 8
//   | n 1 | nonce n | m 1 | policy name m | tag 32
//
// Sizes in bytes, numbers little-endian; the tag is over "keystone-attest/session/v1" and all that
// stands before it.
[[nodiscard]] Result<std::string> seal_session(const Session& session, SealingKey key);

// The session of that id; nothing, whatever is wrong with it, unless it was sealed under `key`.
[[nodiscard]] Result<std::optional<Session>> open_session(std::string_view id, SealingKey key);

}  // namespace keystone::server
