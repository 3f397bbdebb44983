// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/config.hpp"
#include "attestd/tokens.hpp"
#include "common/command_line.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

// The command line, read once and checked: what main() gets to do.
namespace keystone::server::attestd {

// No command: the daemon itself.
struct ServeCommand {
  std::string state;
  std::string config;                     // the file; empty: all defaults
  std::optional<cli::TcpAddress> listen;  // of the public listener, instead of what the file says
  std::optional<EarForm> ear;             // likewise
  bool insecure_http = false;             // also if the file does not say so
};

struct ConfigCheckCommand {
  cli::CommonArguments common;
  std::string file;
};

// Which node a command is about.
struct Place {
  std::string state;
  std::string config;  // empty: all defaults
};

struct TokenAddCommand {
  cli::CommonArguments common;
  Place place;
  TokenRequest request;
};

struct TokenListCommand {
  cli::CommonArguments common;
  Place place;
};

struct TokenRevokeCommand {
  cli::CommonArguments common;
  Place place;
  std::string id;
};

struct AuditVerifyCommand {
  cli::CommonArguments common;
  Place place;             // of the log of a node, unless
  std::string exported;    // a file that `audit export` wrote is looked at
  std::string checkpoint;  // a file with one that was kept elsewhere; empty: none
  std::vector<std::string>
      keys;  // files with JWK sets that alone count; empty: what the node knows
};

struct AuditExportCommand {
  cli::CommonArguments common;
  Place place;
};

struct AuditCheckpointCommand {
  cli::CommonArguments common;
  Place place;
};

struct StoreMigrateCommand {
  cli::CommonArguments common;
  Place place;
};

struct KeyListCommand {
  cli::CommonArguments common;
  Place place;
};

struct KeyRotateCommand {
  cli::CommonArguments common;
  Place place;
  bool now;  // it signs at once, and is not announced before
};

using Command =
    std::variant<cli::PrintCommand, ServeCommand, ConfigCheckCommand, TokenAddCommand,
                 TokenListCommand, TokenRevokeCommand, AuditVerifyCommand, AuditExportCommand,
                 AuditCheckpointCommand, StoreMigrateCommand, KeyListCommand, KeyRotateCommand>;

// Fails with `usage`, with a hint that names the command's help.
[[nodiscard]] Result<Command> read_arguments(int argc, const char* const* argv);

// What the file says, and what the command line says instead. Fails as Config::read(), and as
// Config::check_plain_http().
[[nodiscard]] Result<Config> read_config(const ServeCommand& command);
[[nodiscard]] Result<Config> read_config(const Place& place);

}  // namespace keystone::server::attestd
