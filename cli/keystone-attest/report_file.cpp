// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/report_file.hpp"

#include "common/answer.hpp"
#include "common/input_file.hpp"
#include "keystone/base/assert.hpp"

#include <algorithm>

namespace keystone::cli::attest {

Result<Report> read_report(const ReportInput& input) {
  KEYSTONE_TRY(const auto bytes, read_file(input.file, kMaxReportFile));
  auto report = Report::parse(bytes, input.options);
  return report ? std::move(report) : Result<Report>(fail(report.error().within(input.file)));
}

std::size_t dirty_bytes(const Report& report) {
  const ByteView tail = report.unsigned_tail();
  return tail.size() -
         static_cast<std::size_t>(std::count(tail.begin(), tail.end(), std::uint8_t{0}));
}

std::vector<std::string> warnings_about(const Report& report) {
  if (!report.has_dirty_tail()) {
    return {};
  }
  return {"unsigned tail: " + std::to_string(dirty_bytes(report)) + " of " +
          std::to_string(report.unsigned_tail().size()) +
          " bytes are not zero; they are memory of the security monitor, signed by nobody, and no "
          "part of the data (report scrub zeroes them)"};
}

std::string encode(const Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::fixed: {
      const auto bytes = report.encode_fixed();
      return {bytes.begin(), bytes.end()};
    }
    case ReportFormat::compact: {
      const auto bytes = report.encode_compact();
      return {bytes.begin(), bytes.end()};
    }
    case ReportFormat::json:
      return report.encode_json() + "\n";
  }
  KEYSTONE_ASSERT(false);
}

Status refuse_terminal(const std::string& output, ReportFormat format) {
  if (format != ReportFormat::json && goes_to_terminal(output)) {
    return usage("standard output: a terminal, and a " + std::string(to_string(format)) +
                     " report is binary",
                 "-o FILE writes it to a file");
  }
  return {};
}

}  // namespace keystone::cli::attest
