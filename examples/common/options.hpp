// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connection.hpp"
#include <keystone/base/result.hpp>

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace demo {

// What every example client is told.
struct Options {
  PeerAddress peer;
  std::string policy_file;
  std::chrono::seconds timeout{10};  // for the handshake, and again for each message: 1 s to 1 h
  bool bind = false;                 // ask for a report that binds the channel
  bool help = false;                 // and nothing else counts
};

// Reads `--policy FILE [--bind] [--timeout SECONDS] HOST [PORT]`, in any order; without PORT, the
// one that is given here. `own` are the options, with a value each, that only this client has.
// `usage` for anything else.
[[nodiscard]] keystone::Result<Options> read_options(
    std::span<const char* const> arguments, std::uint16_t default_port,
    const std::map<std::string_view, std::string*>& own = {});

}  // namespace demo
