// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "load.hpp"

#include <cstddef>
#include <vector>

namespace keystone::bench {

// Clients that mean no good, from several hundred loopback addresses: many that connect and say
// nothing, some that send a head byte by byte, some that stop within a TLS handshake, and some that
// send what is no request. Where the server hangs up, they come again.
class Hostile {
 public:
  static constexpr std::uint32_t kSlow = 200;  // heads that never end, and as many handshakes

  // Connects all of them: those that say nothing are load.connections.
  explicit Hostile(const Load& load);

  // How many of those that say nothing the server still holds.
  [[nodiscard]] std::uint32_t held() const;

  // Goes on until there is something to read on that descriptor.
  void keep_up_until_readable(int descriptor);

 private:
  struct Held {
    Descriptor socket;
    std::size_t sent = 0;  // bytes of its head
  };

  [[nodiscard]] Descriptor connect(std::uint16_t port);
  void tick();
  void send_slowly(Held& held);
  void hold_handshake(Descriptor& socket);
  void send_nonsense();

  Load load_;
  std::uint32_t connected_ = 0;
  std::vector<Descriptor> silent_;
  std::vector<Held> slow_;
  std::vector<Descriptor> handshakes_;
  Descriptor nonsense_;
  std::size_t ticks_ = 0;
};

}  // namespace keystone::bench
