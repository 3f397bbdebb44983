// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Addresses of servers, and of what is on them (RFC 3986), as far as this client needs them.
namespace keystone::detail {

struct Origin {
  bool tls;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port;

  // As in URLs and in the header Host: the port only where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  friend bool operator==(const Origin&, const Origin&) = default;
};

// scheme://host[:port], with or without a slash at the end. `usage`, naming `field`, for anything
// else: a path, a query, a user name.
[[nodiscard]] Result<Origin> parse_origin(std::string_view field, std::string_view text);

// Whether it names this machine, so that nobody listens on the way.
[[nodiscard]] bool is_loopback(const Origin& origin);

// The path that the header Location means, which came in an answer from `base` (a path) on
// `origin`. `malformed` for one on another origin, and for characters that no path has.
[[nodiscard]] Result<std::string> resolve_location(const Origin& origin, std::string_view base,
                                                   std::string_view location);

}  // namespace keystone::detail
