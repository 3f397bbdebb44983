// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "keystone-attest/arguments.hpp"

namespace keystone::cli::attest {

// Carries a command out. The result is the exit code of the answer, kExitDone or kExitNo; a job
// that could not be done is an Error.
[[nodiscard]] Result<int> run(const Command& command, const Console& console);

// The whole program; returns its exit code. `clock` is now.
[[nodiscard]] int run_attest(int argc, const char* const* argv, Instant clock);

}  // namespace keystone::cli::attest
