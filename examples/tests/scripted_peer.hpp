// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace keystone::testing {

// A server for one connection, whose whole life is a script. It keeps to no rule on its own, and
// ends by itself, by a signal if need be. What goes wrong at its own end aborts.
//
// To whoever runs it, it speaks by lines on standard output: `port N` when it listens, then
// `sent HEX`, `text HEX` and `received N`, as the script goes.
class ScriptedPeer {
 public:
  // Listens on a port of the system's choice of the loopback interface, and waits for the client.
  ScriptedPeer();

  void send(ByteView bytes);
  void send_bytewise(ByteView bytes);  // each byte in a packet of its own

  // Exactly `size` bytes; less where the client has ended before.
  [[nodiscard]] std::vector<std::uint8_t> receive(std::size_t size);

  // A byte now and then, until the client has had enough or all is sent.
  void drip(ByteView bytes);

  // Says what was sent up to now.
  void tell_sent() const;

  // For the end: closes this side, takes in what still comes from the client, and says how many
  // bytes it sent in all.
  void finish();

 private:
  Descriptor connection_;
  std::vector<std::uint8_t> sent_;
  std::size_t received_ = 0;
};

// `<word> <value>` on standard output.
void tell(std::string_view word, std::string_view value);

}  // namespace keystone::testing
