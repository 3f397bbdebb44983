// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"

#include <string>
#include <vector>

namespace keystone::server::attestd {

// The options as the user spelt them; empty means not given.
struct Spelling {
  cli::CommonArguments common;
  std::string file;  // of `config check`

  std::string state, config, listen, ear;
  bool insecure_http = false;

  std::string role, label, expires, id;
  std::string exported, checkpoint;
  std::vector<std::string> keys;
  bool now = false;
};

// Declares every command and option of the program on `app`; parsing it fills `spelling`, which
// must outlive the parse.
void declare_options(CLI::App& app, Spelling& spelling);

}  // namespace keystone::server::attestd
