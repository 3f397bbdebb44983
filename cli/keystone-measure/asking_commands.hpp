// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "keystone-measure/arguments.hpp"

// The commands that say why a hash is what it is. Each answers with the exit code, as Task::run.
namespace keystone::cli {

// The measured stream, and the pictures that were asked for.
[[nodiscard]] Result<int> explain_enclave(const ExplainCommand& command, const Console& console);

// kExitNo if the hashes differ.
[[nodiscard]] Result<int> diff_enclaves(const DiffCommand& command, const Console& console);

// kExitNo if no way of measuring gives the hash.
[[nodiscard]] Result<int> diagnose(const DiagnoseCommand& command);

}  // namespace keystone::cli
