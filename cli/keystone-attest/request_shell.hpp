// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace keystone::cli::attest {

// What a command of the shell writes to its standard output, `most` bytes at most. It has the nonce
// in hex, in the environment as KEYSTONE_NONCE and as the line of its standard input, and the
// terminal, if this process has it.
//
// `unreadable` unless it ends with 0 within `time`, `limit_exceeded` for more than `most`. If it is
// not at its end then, it is killed, with all of its process group.
[[nodiscard]] Result<std::vector<std::uint8_t>> output_of_command(const std::string& command,
                                                                  ByteView nonce, std::size_t most,
                                                                  std::chrono::seconds time);

}  // namespace keystone::cli::attest
