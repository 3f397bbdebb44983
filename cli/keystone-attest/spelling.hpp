// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"
#include "keystone-attest/emulate.hpp"
#include "keystone-attest/request.hpp"

#include <string>
#include <vector>

namespace keystone::cli::attest {

// The options as the user spelt them; empty means not given.
struct Spelling {
  CommonArguments common;
  std::string file;  // FILE or GOLDEN

  std::string input_format, to;
  bool allow_trailing = false;

  std::string policy;
  std::vector<std::string> device_keys, sm_hashes, enclave_hashes, waivers;
  std::string nonce, nonce_prefix, data, channel_binding;
  std::string issued, expires, max_age, now;
  bool batch = false;
  std::string jobs;

  std::vector<std::string> names;  // of `reference add`, which takes several
  std::string name, key, reason, not_before, not_after;
  bool drop_comments = false;

  EmulateSpelling emulate;
  RequestSpelling request;
};

// Declares every command and option of the program on `app`; parsing it fills `spelling`, which
// must outlive the parse.
void declare_options(CLI::App& app, Spelling& spelling);

// What declares them: a command below `parent`, a group of commands, an option with a value, and
// one that must be given. `kind` is what the help calls the value.
CLI::App& declare_command(CLI::App& parent, const std::string& name, const std::string& sentence,
                          std::string_view example);
CLI::App& declare_group(CLI::App& app, const std::string& name, const std::string& sentence);
void add_value(CLI::App& app, const std::string& option, std::string& value,
               const std::string& text, const std::string& kind);
void add_required(CLI::App& app, const std::string& option, std::string& value,
                  const std::string& text, const std::string& kind);

}  // namespace keystone::cli::attest
