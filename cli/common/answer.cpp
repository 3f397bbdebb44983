// SPDX-License-Identifier: Apache-2.0
#include "common/answer.hpp"

#include "keystone/base/atomic_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <unistd.h>

namespace keystone::cli {
namespace {

bool is_stdout(const std::string& path) {
  return path.empty() || path == "-";
}

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Status write_answer(const std::string& path, std::string_view answer) {
  if (!is_stdout(path)) {
    return write_file_atomically(path, answer);
  }
  if (std::fwrite(answer.data(), 1, answer.size(), stdout) != answer.size() ||
      std::fflush(stdout) != 0) {
    return fail(ErrorCode::unwritable,
                std::string("standard output: cannot write: ") + std::strerror(errno));
  }
  return {};
}

Status refuse_overwriting(const std::string& path, const std::vector<std::string>& inputs,
                          std::string_view option) {
  for (const std::string& input : inputs) {
    std::error_code ignored;  // what is not there is not overwritten
    if (!path.empty() && std::filesystem::is_regular_file(path, ignored) &&
        std::filesystem::equivalent(path, input, ignored)) {
      return fail(ErrorCode::usage, std::string(option) + ": " + path + " is an input");
    }
  }
  return {};
}

bool goes_to_terminal(const std::string& path) {
  return is_stdout(path) && ::isatty(STDOUT_FILENO) == 1;
}

bool may_have_colours(const std::string& path) {
  return goes_to_terminal(path) && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

}  // namespace keystone::cli
