// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/tcp_address.hpp"
#include "keystone/base/descriptor.hpp"
#include "keystone/base/result.hpp"

namespace keystone::cli::attest {

// A socket that listens there and never blocks. Fails with `unwritable`.
[[nodiscard]] Result<Descriptor> listen_at(const TcpAddress& address);

// The address that the socket has. Fails with `internal`.
[[nodiscard]] Result<TcpAddress> address_of(const Descriptor& socket);

// A connection that never blocks, and whose it is.
struct AcceptedConnection {
  Descriptor socket;
  TcpAddress peer;

  // The next one that waits. There may be none: then the socket is not open, and errno says why.
  [[nodiscard]] static AcceptedConnection take(const Descriptor& listener);
};

}  // namespace keystone::cli::attest
