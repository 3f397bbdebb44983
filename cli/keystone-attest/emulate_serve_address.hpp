// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include <sys/socket.h>

namespace keystone::cli::attest {

// An address of TCP over IPv4 or IPv6, as a number: no name is ever looked up.
class SocketAddress {
 public:
  // Reads `127.0.0.1:0` or `[::1]:0`; port 0 leaves the port to the system. Fails with `usage`,
  // naming `option`.
  [[nodiscard]] static Result<SocketAddress> parse(std::string_view option, std::string_view text);

  // The address that the socket has. Fails with `internal`.
  [[nodiscard]] static Result<SocketAddress> of(const Descriptor& socket);

  // Whether only this machine reaches it.
  [[nodiscard]] bool is_loopback() const;

  [[nodiscard]] std::string host() const;
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string text() const;  // as parse() reads it

 private:
  friend Result<Descriptor> listen_at(const SocketAddress& address);
  friend struct AcceptedConnection;
  SocketAddress() = default;

  [[nodiscard]] const sockaddr* plain() const;
  [[nodiscard]] sockaddr* plain();

  sockaddr_storage storage_{};
  socklen_t size_ = sizeof storage_;
};

// A socket that listens there and never blocks. Fails with `unwritable`.
[[nodiscard]] Result<Descriptor> listen_at(const SocketAddress& address);

// A connection that never blocks, and whose it is.
struct AcceptedConnection {
  Descriptor socket;
  SocketAddress peer;

  // The next one that waits. There may be none: then the socket is not open, and errno says why.
  [[nodiscard]] static AcceptedConnection take(const Descriptor& listener);
};

}  // namespace keystone::cli::attest
