// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_address.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace keystone::cli::attest {
namespace {

// An address as the system has it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;

  [[nodiscard]] sockaddr* plain() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] sockaddr_in& v4() { return reinterpret_cast<sockaddr_in&>(storage); }
  [[nodiscard]] sockaddr_in6& v6() { return reinterpret_cast<sockaddr_in6&>(storage); }
};

SocketAddress to_system(const TcpAddress& address) {
  SocketAddress system;
  if (address.is_v6) {
    system.v6().sin6_family = AF_INET6;
    system.v6().sin6_port = htons(address.port);
    (void)::inet_pton(AF_INET6, address.host.c_str(), &system.v6().sin6_addr);
    system.size = sizeof(sockaddr_in6);
  } else {
    system.v4().sin_family = AF_INET;
    system.v4().sin_port = htons(address.port);
    (void)::inet_pton(AF_INET, address.host.c_str(), &system.v4().sin_addr);
    system.size = sizeof(sockaddr_in);
  }
  return system;
}

TcpAddress of_system(SocketAddress& system) {
  const bool is_v6 = system.storage.ss_family == AF_INET6;
  const void* const bytes = is_v6 ? static_cast<const void*>(&system.v6().sin6_addr)
                                  : static_cast<const void*>(&system.v4().sin_addr);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const host = ::inet_ntop(system.storage.ss_family, bytes, text.data(), text.size());
  return {host == nullptr ? "?" : host, ntohs(is_v6 ? system.v6().sin6_port : system.v4().sin_port),
          is_v6};
}

}  // namespace

Result<Descriptor> listen_at(const TcpAddress& address) {
  SocketAddress system = to_system(address);
  Descriptor listener(
      ::socket(system.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // So that a server can be started again at once.
  const int yes = 1;
  if (!listener.is_open() ||
      ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(listener.get(), system.plain(), system.size) != 0 ||
      ::listen(listener.get(), SOMAXCONN) != 0) {
    return fail(ErrorCode::unwritable, address.text() + ": cannot listen: " + std::strerror(errno));
  }
  return listener;
}

Result<TcpAddress> address_of(const Descriptor& socket) {
  SocketAddress system;
  if (::getsockname(socket.get(), system.plain(), &system.size) != 0) {
    return fail(ErrorCode::internal, std::string("getsockname: ") + std::strerror(errno));
  }
  return of_system(system);
}

AcceptedConnection AcceptedConnection::take(const Descriptor& listener) {
  SocketAddress peer;
  Descriptor socket(
      ::accept4(listener.get(), peer.plain(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  const int reason = errno;  // which the caller asks for
  AcceptedConnection accepted{std::move(socket), of_system(peer)};
  errno = reason;
  return accepted;
}

}  // namespace keystone::cli::attest
