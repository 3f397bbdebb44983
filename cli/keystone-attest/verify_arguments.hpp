// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/arguments.hpp"
#include "keystone-attest/spelling.hpp"

namespace keystone::cli::attest {

// What `verify` was given, `input` already read. Fails with `usage`.
[[nodiscard]] Result<VerifyCommand> verify_command(const Spelling& spelt, ReportInput input,
                                                   Instant now);

}  // namespace keystone::cli::attest
