// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/arguments.hpp"
#include "keystone-attest/spelling.hpp"

namespace keystone::cli::attest {

// What `verify` was given, `input` already read. Fails with `usage`.
[[nodiscard]] Result<VerifyCommand> verify_command(const Spelling& spelt, ReportInput input,
                                                   Instant now);

// The same with --batch or --jobs, from what verify_command() made of the rest.
[[nodiscard]] Result<VerifyBatchCommand> verify_batch_command(const Spelling& spelt,
                                                              VerifyCommand command);

}  // namespace keystone::cli::attest
