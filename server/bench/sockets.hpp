// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"

#include <cstdint>
#include <string_view>

// Sockets of clients on loopback. What cannot be done throws std::runtime_error.
namespace keystone::bench {

// Connects to 127.0.0.1:`port` from the loopback address of that number (0: 127.0.0.1 itself), so
// that many clients look like several machines. It does not block from then on.
[[nodiscard]] Descriptor connect_to(std::uint16_t port, unsigned from = 0);

// Sends a few bytes, which an empty buffer of a socket always takes. False: the peer has gone.
[[nodiscard]] bool send_bytes(int socket, std::string_view bytes);

// Lets this process have as many files as the system allows it.
void raise_file_limit();

}  // namespace keystone::bench
