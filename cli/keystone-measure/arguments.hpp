// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"
#include "keystone-measure/golden_render.hpp"
#include "keystone-measure/measure_files.hpp"
#include "keystone-measure/render.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>

// The command line, read once and checked: what main() gets to do.
namespace keystone::cli {

struct EnclaveCommand {
  CommonArguments common;
  EnclaveRequest request;
  Format format;
};

struct SmCommand {
  CommonArguments common;
  SmRequest request;
  Format format;
};

struct ImageCommand {
  CommonArguments common;
  EnclaveRequest request;
  bool map;
};

struct ExplainCommand {
  CommonArguments common;
  EnclaveRequest request;
  bool pages;
  std::string html;  // a file to write the page to; empty: none
  std::string svg;
};

// What is compared: files with their parameters, or what a path leads to.
using DiffSource = std::variant<EnclaveRequest, std::string>;

struct DiffCommand {
  CommonArguments common;
  DiffSource left;
  DiffSource right;
  std::size_t most_listed;  // differences of each kind, as text
  bool allow_outside;
};

// What was seen: a report's file, or a hash.
struct SeenHash {
  std::string report;
  std::string hash;
};

struct DiagnoseCommand {
  CommonArguments common;
  SeenHash seen;
  // The files of an enclave, or a firmware image alone.
  std::string eapp;
  std::string runtime;
  std::string loader;
  std::string sm;
  std::chrono::seconds time_limit;
};

struct ProfilesCommand {
  CommonArguments common;
};

struct PlatformsCommand {
  CommonArguments common;
};

// What every `golden` command takes.
struct GoldenArguments {
  CommonArguments common;
  std::string file;
  bool allow_outside = false;
};

struct GoldenAddCommand {
  GoldenArguments golden;
  std::string name;
  std::variant<EnclaveRequest, SmRequest> request;
};

struct GoldenRemoveCommand {
  GoldenArguments golden;
  std::string name;
};

struct GoldenUpdateCommand {
  GoldenArguments golden;
};

struct GoldenCheckCommand {
  GoldenArguments golden;
  CheckFormat format;
  unsigned jobs;
};

using Command =
    std::variant<PrintCommand, EnclaveCommand, SmCommand, ImageCommand, ExplainCommand, DiffCommand,
                 DiagnoseCommand, ProfilesCommand, PlatformsCommand, GoldenAddCommand,
                 GoldenRemoveCommand, GoldenUpdateCommand, GoldenCheckCommand>;

// Fails with `usage`, with a hint that names the command's help.
[[nodiscard]] Result<Command> read_arguments(int argc, const char* const* argv);

}  // namespace keystone::cli
