// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/arguments.hpp"

// What each command does. The result is the exit code of the answer; a job that could not be done
// is an Error.
namespace keystone::server::attestd {

[[nodiscard]] Result<int> run(const ConfigCheckCommand& command);
[[nodiscard]] Result<int> run(const TokenAddCommand& command);
[[nodiscard]] Result<int> run(const TokenListCommand& command);
[[nodiscard]] Result<int> run(const TokenRevokeCommand& command);
[[nodiscard]] Result<int> run(const AuditVerifyCommand& command);
[[nodiscard]] Result<int> run(const AuditExportCommand& command);
[[nodiscard]] Result<int> run(const AuditCheckpointCommand& command);
[[nodiscard]] Result<int> run(const StoreMigrateCommand& command);
[[nodiscard]] Result<int> run(const KeyListCommand& command);
[[nodiscard]] Result<int> run(const KeyRotateCommand& command);

// The whole program; returns its exit code.
[[nodiscard]] int run_attestd(int argc, const char* const* argv);

}  // namespace keystone::server::attestd
