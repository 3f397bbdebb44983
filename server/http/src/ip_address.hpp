// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace keystone::server::http {

// An IPv4 or IPv6 address. An IPv4 address and its IPv6-mapped form are the same value.
class IpAddress {
 public:
  // In numbers, without a zone; nothing else is an address.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  // Of AF_INET or AF_INET6, else nothing.
  [[nodiscard]] static std::optional<IpAddress> of(const sockaddr& address);

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] std::string text() const;

  // Its 16 bytes, to look something up by.
  [[nodiscard]] std::string key() const { return {bytes_.begin(), bytes_.end()}; }

  // What limits count as one client: the address itself, or the /64 of an IPv6 one.
  [[nodiscard]] IpAddress group() const;

  // Whether the first `bits` of 128 are the same.
  [[nodiscard]] bool shares(const IpAddress& other, unsigned bits) const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};  // IPv4: mapped, RFC 4291, section 2.5.5.2
};

// The addresses whose word on their clients is taken.
class TrustedProxies {
 public:
  // `ADDRESS` or `ADDRESS/BITS`. Fails with `usage`.
  [[nodiscard]] static Result<TrustedProxies> parse(const std::vector<std::string>& networks);

  [[nodiscard]] bool contain(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address;
    unsigned bits;  // of 128
  };
  std::vector<Network> networks_;
};

}  // namespace keystone::server::http
