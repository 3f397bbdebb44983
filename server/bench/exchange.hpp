// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keystone::bench {

// The text between `before` and `after`; throws std::runtime_error if it is not there.
[[nodiscard]] std::string_view between(std::string_view text, std::string_view before, char after);

// Connections to a server that are kept, and ask it many things at once.
class Connections {
 public:
  // Connects so many to that port of 127.0.0.1. Throws std::runtime_error if it cannot.
  Connections(std::uint16_t port, std::size_t count);

  // Sends each of `requests` on the first connection that is free, and returns the answers in their
  // order. Throws std::runtime_error for an answer with another status than `wanted`, and for none.
  [[nodiscard]] std::vector<std::string> ask_all(const std::vector<std::string>& requests,
                                                 std::string_view wanted);

  // How long each answer took so far, in ns.
  [[nodiscard]] std::vector<std::uint64_t>& latencies() { return latencies_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Connection {
    Descriptor socket;
    std::size_t request = 0;  // that it has asked
    std::string answer = {};  // so far
    Clock::time_point asked = {};
  };

  void ask(Connection& connection, const std::string& request);
  // Takes what has come; whether that is all of the answer.
  [[nodiscard]] static bool receive(Connection& connection);
  [[nodiscard]] std::vector<std::size_t> wait() const;

  Descriptor events_;
  std::vector<Connection> connections_;
  std::vector<std::uint64_t> latencies_;
};

}  // namespace keystone::bench
