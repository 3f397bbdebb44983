// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace keystone::cli {

// An address of IPv4 or IPv6 as a number, since no name is ever looked up, and a port.
struct TcpAddress {
  std::string host;        // as inet_ntop() spells it, without brackets
  std::uint16_t port = 0;  // 0, where one listens: the system's choice
  bool is_v6 = false;

  // Reads `127.0.0.1:0` or `[::1]:0`. Fails with `usage`, naming `field`.
  [[nodiscard]] static Result<TcpAddress> parse(std::string_view field, std::string_view text);

  // Whether only this machine reaches it.
  [[nodiscard]] bool is_loopback() const;

  [[nodiscard]] std::string text() const;  // as parse() reads it

  friend bool operator==(const TcpAddress&, const TcpAddress&) = default;
};

}  // namespace keystone::cli
