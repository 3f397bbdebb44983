// SPDX-License-Identifier: Apache-2.0
#include "common/tcp_address.hpp"

#include "keystone/base/number.hpp"
#include "keystone/base/text.hpp"

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace keystone::cli {
namespace {

// The one spelling of a numeric address; empty if it is none.
std::string canonical(int family, const std::string& host) {
  in6_addr address{};  // room for either family
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_pton(family, host.c_str(), &address) != 1 ||
      ::inet_ntop(family, &address, text.data(), text.size()) == nullptr) {
    return {};
  }
  return text.data();
}

}  // namespace

Result<TcpAddress> TcpAddress::parse(std::string_view field, std::string_view text) {
  const auto wrong =
      fail(ErrorCode::usage, std::string(field) + ": got " + printable(text) +
                                 ", want ADDRESS:PORT or [ADDRESS]:PORT, in numbers");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return wrong;
  }
  KEYSTONE_TRY(const auto port, parse_unsigned(std::string(field) + ": port",
                                               text.substr(colon + 1), {0, UINT16_MAX}));
  std::string host(text.substr(0, colon));
  const bool is_v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_v6) {
    host = host.substr(1, host.size() - 2);
  }
  host = canonical(is_v6 ? AF_INET6 : AF_INET, host);
  if (host.empty()) {
    return wrong;
  }
  return TcpAddress{std::move(host), static_cast<std::uint16_t>(port), is_v6};
}

bool TcpAddress::is_loopback() const {
  return is_v6 ? host == "::1" : host.starts_with("127.");
}

std::string TcpAddress::text() const {
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace keystone::cli
