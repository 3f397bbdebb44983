// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "origin.hpp"

#include <chrono>
#include <vector>

#include <sys/socket.h>

namespace keystone::detail {

struct SocketAddress {
  sockaddr_storage storage;
  socklen_t size;
};

// The addresses of a server, in the order of the system. `unreachable` if there are none, or the
// system does not say before `deadline`; `usage` without TLS unless all are of this machine,
// whatever the name.
[[nodiscard]] Result<std::vector<SocketAddress>> look_up(
    const Origin& origin, std::chrono::steady_clock::time_point deadline);

}  // namespace keystone::detail
