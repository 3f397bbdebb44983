// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_address.hpp"

#include "common/command_line.hpp"
#include "keystone/base/text.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace keystone::cli::attest {
namespace {

tl::unexpected<Error> cannot_listen(const SocketAddress& address) {
  return fail(ErrorCode::unwritable,
              address.text() + ": cannot listen: " + std::string(std::strerror(errno)));
}

}  // namespace

Result<SocketAddress> SocketAddress::parse(std::string_view option, std::string_view text) {
  const auto wrong = [&] {
    return usage(std::string(option) + ": got " + printable(text) +
                 ", want ADDRESS:PORT or [ADDRESS]:PORT, in numbers");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return wrong();
  }
  KEYSTONE_TRY(const auto port,
               parse_unsigned(std::string(option) + ": port", text.substr(colon + 1), {0, 65535}));
  std::string host(text.substr(0, colon));
  SocketAddress address;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage_);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    address.size_ = sizeof v6;
    host = host.substr(1, host.size() - 2);
    return ::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1 ? Result<SocketAddress>(address)
                                                                   : wrong();
  }
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage_);
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<std::uint16_t>(port));
  address.size_ = sizeof v4;
  return ::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1 ? Result<SocketAddress>(address)
                                                               : wrong();
}

Result<SocketAddress> SocketAddress::of(const Descriptor& socket) {
  SocketAddress address;
  if (::getsockname(socket.get(), address.plain(), &address.size_) != 0) {
    return fail(ErrorCode::internal, std::string("getsockname: ") + std::strerror(errno));
  }
  return address;
}

bool SocketAddress::is_loopback() const {
  if (storage_.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage_);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage_);
  return ntohl(v4.sin_addr.s_addr) >> 24U == IN_LOOPBACKNET;
}

std::string SocketAddress::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const bytes =
      storage_.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(storage_).sin6_addr)
          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(storage_).sin_addr);
  const char* const host = ::inet_ntop(storage_.ss_family, bytes, text.data(), text.size());
  return host == nullptr ? "?" : host;
}

std::uint16_t SocketAddress::port() const {
  return ntohs(storage_.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(storage_).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(storage_).sin_port);
}

std::string SocketAddress::text() const {
  const bool is_v6 = storage_.ss_family == AF_INET6;
  return (is_v6 ? "[" + host() + "]" : host()) + ":" + std::to_string(port());
}

const sockaddr* SocketAddress::plain() const {
  return reinterpret_cast<const sockaddr*>(&storage_);
}

sockaddr* SocketAddress::plain() {
  return reinterpret_cast<sockaddr*>(&storage_);
}

Result<Descriptor> listen_at(const SocketAddress& address) {
  Descriptor listener(
      ::socket(address.storage_.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // So that a server can be started again at once.
  const int yes = 1;
  if (!listener.is_open() ||
      ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(listener.get(), address.plain(), address.size_) != 0 ||
      ::listen(listener.get(), SOMAXCONN) != 0) {
    return cannot_listen(address);
  }
  return listener;
}

AcceptedConnection AcceptedConnection::take(const Descriptor& listener) {
  AcceptedConnection accepted{Descriptor(), SocketAddress()};
  accepted.socket = Descriptor(::accept4(listener.get(), accepted.peer.plain(),
                                         &accepted.peer.size_, SOCK_NONBLOCK | SOCK_CLOEXEC));
  return accepted;
}

}  // namespace keystone::cli::attest
