// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "keystone/base/result.hpp"

#include <functional>
#include <string>

namespace keystone::cli {

// What a command line asks for.
struct Task {
  // No warnings, notes or hints on standard error: they are not wanted, or the answer has them.
  bool quiet;
  // Carries it out. The result is the exit code of the answer, kExitDone or kExitNo, or kExitInput
  // of an answer that stays open; a job that could not be done is an Error.
  std::function<Result<int>(const Console&)> run;
};

// The outcome of a task that has nothing more to say: kExitDone, or what went wrong.
[[nodiscard]] Result<int> done(const Status& status);

// A whole program: settles what a process needs, reads the command line, carries the task out, and
// reports what went wrong, exceptions included. Returns the exit code.
[[nodiscard]] int run_program(const std::string& name, int argc, const char* const* argv,
                              const std::function<Result<Task>()>& read_arguments);

}  // namespace keystone::cli
