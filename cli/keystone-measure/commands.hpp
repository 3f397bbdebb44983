// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "keystone-measure/arguments.hpp"

namespace keystone::cli {

// Carries a command out. The result is the exit code of the answer, kExitDone or kExitNo; a job
// that could not be done is an Error.
[[nodiscard]] Result<int> run(const Command& command, const Console& console);

// The whole program; returns its exit code.
[[nodiscard]] int run_measure(int argc, const char* const* argv);

}  // namespace keystone::cli
