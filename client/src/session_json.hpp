// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What servers say of sessions, as application/vnd.veraison.challenge-response-session+json.
namespace keystone::detail {

struct SessionBody {
  std::vector<std::uint8_t> nonce;  // 8 to 64 bytes
  std::optional<Instant> expires;
  std::vector<std::string> accepted;
  std::string state;   // waiting, processing, complete, failed, or another word
  std::string result;  // empty: there is none
};

// Reads it strictly, but takes members that it does not know, and the state by its two names.
// `malformed` or `limit_exceeded`.
[[nodiscard]] Result<SessionBody> parse_session(std::string_view text);

// The reason in a problem document (RFC 9457), on one line; empty if there is none to read.
[[nodiscard]] std::string reason_of(std::string_view problem);

}  // namespace keystone::detail
