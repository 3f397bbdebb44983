// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connection.hpp"
#include <keystone/channel/schannel.hpp>
#include <keystone/report/report.hpp>
#include <keystone/verifier/challenge.hpp>

#include <chrono>
#include <string_view>

namespace demo {

using keystone::channel::schannel::Dialect;
using keystone::channel::schannel::PublicKey;

// What the server sent, and what was asked of it. Not a word of it counts before the verdict.
struct Offer {
  keystone::Report report;
  keystone::Challenge challenge;
  PublicKey server_key;  // of whoever answered
};

// For how long a handshake may wait, and for how long its nonce is good.
struct Limits {
  Deadline deadline;
  std::chrono::seconds lifetime;
};

// The demos' own handshake. The report answers the client's nonce, and so is fresh. It was made
// before the server's key pair, and so says nothing of who holds `server_key`: whoever stands
// between passes nonce and report on, and puts in a key of their own.
[[nodiscard]] keystone::Result<Offer> plain_handshake(const Connection& connection, Dialect dialect,
                                                      const PublicKey& client_key,
                                                      const Limits& limits);

// Names what is bound: this handshake, and the key exchange behind it.
inline constexpr std::string_view kSuite = "schannel-bind/1 ecdh-p384";

// The handshake that --bind asks for (README.md): the nonce has 32 bytes, and the data of the
// report bind the whole handshake, both keys included.
[[nodiscard]] keystone::Result<Offer> bound_handshake(const Connection& connection, Dialect dialect,
                                                      const PublicKey& client_key,
                                                      const Limits& limits);

}  // namespace demo
