// SPDX-License-Identifier: Apache-2.0
#include "http/src/ip_address.hpp"

#include "keystone/base/number.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace keystone::server::http {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;
constexpr std::size_t kGroupBytes = 8;  // of an IPv6 address: what one customer commonly has

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str())) {
    return std::nullopt;
  }
  IpAddress address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes_.begin());
  if (::inet_pton(AF_INET, terminated.c_str(), &address.bytes_[kMapped.size()]) == 1 ||
      ::inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::of(const sockaddr& address) {
  IpAddress result;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::copy(kMapped.begin(), kMapped.end(), result.bytes_.begin());
    std::memcpy(&result.bytes_[kMapped.size()], &v4.sin_addr, sizeof v4.sin_addr);
    return result;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(result.bytes_.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    return result;
  }
  return std::nullopt;
}

bool IpAddress::is_v4() const {
  return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin());
}

bool IpAddress::is_loopback() const {
  constexpr IpAddress kAnywhere;
  IpAddress v6 = kAnywhere;
  v6.bytes_.back() = 1;
  return is_v4() ? bytes_[kMapped.size()] == IN_LOOPBACKNET : *this == v6;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const written =
      is_v4() ? ::inet_ntop(AF_INET, &bytes_[kMapped.size()], text.data(), text.size())
              : ::inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  return written == nullptr ? std::string() : written;
}

IpAddress IpAddress::group() const {
  IpAddress group = *this;
  if (!is_v4()) {
    std::fill(group.bytes_.begin() + kGroupBytes, group.bytes_.end(), std::uint8_t{0});
  }
  return group;
}

bool IpAddress::shares(const IpAddress& other, unsigned bits) const {
  const std::size_t whole = bits / 8;
  if (!std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(whole),
                  other.bytes_.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  return rest == 0 || ((bytes_[whole] ^ other.bytes_[whole]) >> (8 - rest)) == 0;
}

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& text : networks) {
    const std::size_t slash = text.find('/');
    const auto address = IpAddress::parse(std::string_view(text).substr(0, slash));
    if (!address) {
      return fail(ErrorCode::usage,
                  "proxies: got " + printable(text) + ", want ADDRESS or ADDRESS/BITS, in numbers");
    }
    const unsigned before = address->is_v4() ? kMappedBits : 0;
    unsigned bits = 128;
    if (slash != std::string::npos) {
      KEYSTONE_TRY(const auto given,
                   parse_unsigned("proxies: bits", text.substr(slash + 1), {0, 128 - before}));
      bits = before + static_cast<unsigned>(given);
    }
    proxies.networks_.push_back({*address, bits});
  }
  return proxies;
}

bool TrustedProxies::contain(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return address.shares(network.address, network.bits);
  });
}

}  // namespace keystone::server::http
