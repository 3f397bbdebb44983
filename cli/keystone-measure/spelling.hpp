// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"

#include <string>

namespace keystone::cli {

// The options as the user spelt them. Numbers stay text until they are read strictly: CLI11's own
// conversion takes -1 for 2^64 - 1 and 010 for 8. Empty means not given.
struct Spelling {
  CommonArguments common;
  std::string format;

  std::string eapp, runtime, loader, profile;
  bool loader_raw = false;

  std::string untrusted_ptr, untrusted_size, stack_size, freemem;
  std::string runtime_stack, runtime_entry, user_entry, max_memory;
  std::string utm_base;
  bool map = false;

  std::string image, platform, base, size, fill;

  bool pages = false;
  std::string html, svg;
  std::string left, right, limit;
  std::string report, hash, time_limit;

  std::string golden, name, jobs;
  bool allow_outside = false;
};

// Declares every command and option of the program on `app`; parsing it fills `spelling`, which
// must outlive the parse.
void declare_options(CLI::App& app, Spelling& spelling);

}  // namespace keystone::cli
