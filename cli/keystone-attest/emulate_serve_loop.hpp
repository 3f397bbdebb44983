// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "keystone-attest/emulate_serve_connection.hpp"

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>

namespace keystone::cli::attest {

struct ServeLimits {
  std::chrono::seconds timeout{10};       // see ServedConnection
  std::size_t max_connections = 64;       // at once; further ones wait for a place
  std::optional<std::uint64_t> requests;  // reports, and then it ends; absent: no limit
};

// An attester for many clients at once, in one thread: whoever is slow holds up nobody else.
class ServeLoop {
 public:
  ServeLoop(Descriptor listener, const ConversationKind& kind, Attest attest,
            const ServeLimits& limits, const Console& console);

  // Serves until `stop` is readable, or until as many reports as wanted were given and their
  // conversations are over. What goes wrong with a client is a note on the console, up to a number
  // of them, and that client's alone. Fails with `internal` if it cannot wait.
  [[nodiscard]] Status run(const Descriptor& stop);

 private:
  using Time = ServedConnection::Time;

  // As a pipe takes them that nobody reads: to write more would hold up everybody.
  static constexpr std::size_t kMostNotes = 200;

  struct Client {
    ServedConnection connection;
    bool failed = false;
  };

  [[nodiscard]] bool has_given_all() const;
  [[nodiscard]] bool may_accept(Time now) const;
  [[nodiscard]] std::optional<Time> next_deadline() const;
  void accept_one(Time now);
  void go_on(Client& client, Time now);
  void settle(Client& client, const Status& status);
  void note(std::string text);
  void drop_finished(Time now);
  [[nodiscard]] bool is_finished(const Client& client, Time now) const;

  Descriptor listener_;
  ConversationKind kind_;
  Attest attest_;
  ServeLimits limits_;
  const Console& console_;
  std::list<Client> clients_;
  std::uint64_t reports_ = 0;
  std::size_t notes_left_ = kMostNotes;
  Time accept_again_;  // not before, after the system had no room
};

}  // namespace keystone::cli::attest
