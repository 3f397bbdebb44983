// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <cstdint>

namespace keystone::server::attestd {

enum class Signal : std::uint8_t { reload, stop };

// The signals that a daemon lives by, taken one after another by one thread. From its making on,
// SIGHUP, SIGINT and SIGTERM wait to be taken, in all threads that start later too; so it is made
// before any other thread. SIGPIPE is ignored.
class Signals {
 public:
  Signals();

  // Waits for the next one.
  [[nodiscard]] Signal next() const;

 private:
  sigset_t set_{};
};

}  // namespace keystone::server::attestd
