// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "common/input_file.hpp"
#include "keystone-attest/arguments.hpp"

// `verify --batch`: lines of JSON in, lines of JSON out. The form of both: keystone-attest(1).
namespace keystone::cli::attest {

// The most that is read: bytes of a file, bytes of a line, and lines. All answers are in memory
// until the last is there; of the file, no more than a part.
inline constexpr std::uint64_t kMaxBatchFile = std::uint64_t{1} << 30U;
inline constexpr std::size_t kMaxBatchLine = std::size_t{64} << 10U;
inline constexpr std::size_t kMaxBatchLines = 1'000'000;

// One report and what its verifier asked for.
struct BatchLine {
  std::string id;  // the caller's own; empty: none
  Report report;
  Challenge challenge;
};

// Reads a line strictly; `malformed`, naming the member, for what is no such line.
[[nodiscard]] Result<BatchLine> read_batch_line(std::string_view line,
                                                const Report::ParseOptions& options);

// The answer to a file of lines, a line each and in their order, and the exit code: kExitInput if a
// line was no report with a challenge, else kExitNo if one was rejected.
struct BatchAnswer {
  std::string text;
  int exit_code;
  std::size_t accepted;
  std::size_t rejected;
  std::size_t malformed;
};

// `limit_exceeded` for more lines than kMaxBatchLines; `unreadable` where the file changes.
[[nodiscard]] Result<BatchAnswer> verify_lines(InputFile& file, const VerifyBatchCommand& command,
                                               Policy policy);

}  // namespace keystone::cli::attest
