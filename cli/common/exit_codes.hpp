// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/error.hpp"

// The exit codes of every program here. Scripts rely on them: they do not change.
namespace keystone::cli {

inline constexpr int kExitDone = 0;         // done; all match; accepted
inline constexpr int kExitNo = 1;           // a check says no; rejected
inline constexpr int kExitUsage = 2;        // the command line is wrong
inline constexpr int kExitInput = 3;        // input is unreadable or malformed
inline constexpr int kExitInternal = 4;     // internal error, or output cannot be written
inline constexpr int kExitUnreachable = 5;  // a peer cannot be reached

[[nodiscard]] int exit_code(ErrorCode code);

}  // namespace keystone::cli
