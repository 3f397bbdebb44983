// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/testing/files.hpp"

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace keystone::bench {

// A keystone-attestd of its own, whose sessions last and may be very many, with a policy that
// accepts what Attester reports. What cannot be done throws std::runtime_error.
class Daemon {
 public:
  explicit Daemon(const std::string& program);
  ~Daemon();  // asks it to stop, and waits
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Memory of the process that is resident now, in MiB.
  [[nodiscard]] double resident() const;

 private:
  testing::TemporaryFolder folder_;
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace keystone::bench
