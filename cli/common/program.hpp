// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "keystone/base/result.hpp"

#include <functional>
#include <string>
#include <variant>

namespace keystone::cli {

// What a command line asks for.
struct Task {
  // No warnings, notes or hints on standard error: they are not wanted, or the answer has them.
  bool quiet;
  // Carries it out. The result is the exit code of the answer, kExitDone or kExitNo, or kExitInput
  // of an answer that stays open; a job that could not be done is an Error.
  std::function<Result<int>(const Console&)> run;
};

// What the chosen one of a program's commands, a variant of them, says of Task::quiet:
// `common.quiet` of its own or of the golden file that it is about. A command that has neither says
// everything.
template <class Command>
[[nodiscard]] bool is_quiet(const Command& command) {
  return std::visit(
      [](const auto& chosen) {
        if constexpr (requires { chosen.golden.common; }) {
          return chosen.golden.common.quiet;
        } else if constexpr (requires { chosen.common; }) {
          return chosen.common.quiet;
        } else {
          return false;
        }
      },
      command);
}

// The outcome of a task that has nothing more to say: kExitDone, or what went wrong.
[[nodiscard]] Result<int> done(const Status& status);

// A whole program: settles what a process needs, reads the command line, carries the task out, and
// reports what went wrong, exceptions included. Returns the exit code.
[[nodiscard]] int run_program(const std::string& name, int argc, const char* const* argv,
                              const std::function<Result<Task>()>& read_arguments);

}  // namespace keystone::cli
