// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"
#include "common/console.hpp"
#include "keystone/base/instant.hpp"

#include <functional>
#include <string>

// The command `request`, as the rest of the program sees it. A build without the client library has
// request_none.cpp in place of all other request_*.cpp: no such command.
namespace keystone::cli::attest {

struct Spelling;

// Its own options as the user spelt them; empty means not given.
struct RequestSpelling {
  std::string url, nonce_size;
  std::string evidence, evidence_command, evidence_timeout;
  bool emulate = false;
  std::string ca, certificate, key, token_file, ear_key, ear_out;
  std::string timeout, retries;
};

// Ready to be carried out; the result is as that of Task::run.
struct RequestCommand {
  CommonArguments common;
  std::function<Result<int>(const Console&)> run;
};

// Declares the command, if this build has it. `spelt` must outlive the parse.
void declare_request(CLI::App& app, Spelling& spelt);

// The command, which must be a declared one. `clock` is now. Fails with `usage`.
[[nodiscard]] Result<RequestCommand> request_command(const Spelling& spelt, Instant clock);

}  // namespace keystone::cli::attest
