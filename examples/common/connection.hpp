// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <keystone/base/bytes.hpp>
#include <keystone/base/descriptor.hpp>
#include <keystone/base/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace demo {

// When all waiting must have ended. One deadline is for a whole exchange, so that a peer who sends
// a byte now and then gains no time.
using Deadline = std::chrono::steady_clock::time_point;

struct PeerAddress {
  std::string host;
  std::uint16_t port;
};

// A TCP connection on which nothing waits beyond a deadline. Every failure is `unreachable` and
// names the peer.
class Connection {
 public:
  // Tries the addresses of `peer` one by one. To look up a name, the system's resolver takes its
  // own time.
  [[nodiscard]] static keystone::Result<Connection> open(const PeerAddress& peer,
                                                         Deadline deadline);

  // Sends all of `bytes`.
  [[nodiscard]] keystone::Status send(keystone::ByteView bytes, Deadline deadline) const;

  // What has come, at least one byte and at most `most`; nothing when the peer has closed its side.
  [[nodiscard]] keystone::Result<std::vector<std::uint8_t>> receive(std::size_t most,
                                                                    Deadline deadline) const;

  // The peer, for messages: host and port.
  [[nodiscard]] const std::string& peer() const { return peer_; }

 private:
  Connection(std::string peer, keystone::Descriptor socket)
      : peer_(std::move(peer)), socket_(std::move(socket)) {}

  std::string peer_;
  keystone::Descriptor socket_;
};

}  // namespace demo
