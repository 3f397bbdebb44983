// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/arguments.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Reports on disk: the one place where this program opens them.
namespace keystone::cli::attest {

// The most that is read of a report file, in bytes; a report has at most 1352, or 5 KB of JSON.
inline constexpr std::uint64_t kMaxReportFile = std::uint64_t{64} << 10U;

// Fails as read_file() and Report::parse() do; messages name the file.
[[nodiscard]] Result<Report> read_report(const ReportInput& input);

// How many bytes of the unsigned tail are not zero.
[[nodiscard]] std::size_t dirty_bytes(const Report& report);

// What is to be said of a report before it is stored or passed on; mostly nothing.
[[nodiscard]] std::vector<std::string> warnings_about(const Report& report);

// The report in that form, as the content of a file: canonical, the unsigned tail as zeros.
[[nodiscard]] std::string encode(const Report& report, ReportFormat format);

// `usage` if a report in that form is not for the terminal that it would go to: binary ones are
// not.
[[nodiscard]] Status refuse_terminal(const std::string& output, ReportFormat format);

}  // namespace keystone::cli::attest
