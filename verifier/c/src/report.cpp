// SPDX-License-Identifier: Apache-2.0
#include "boundary.hpp"
#include "handles.hpp"

using namespace keystone;
using namespace keystone::c_api;

namespace {

static_assert(KEYSTONE_MAX_DATA == ReportLayout::kMaxData);

// The format to insist on, if any.
Result<std::optional<ReportFormat>> format_of(const keystone_report_format& format) {
  const auto number = number_in(format);
  switch (number) {
    case KEYSTONE_FORMAT_ANY:
      return std::optional<ReportFormat>();
    case KEYSTONE_FORMAT_FIXED:
      return ReportFormat::fixed;
    case KEYSTONE_FORMAT_COMPACT:
      return ReportFormat::compact;
    case KEYSTONE_FORMAT_JSON:
      return ReportFormat::json;
    default:
      return fail(ErrorCode::usage, "format: got " + std::to_string(number) + ", want 0 to 3");
  }
}

Result<Report::ParseOptions> options_of(const keystone_report_format& format, std::uint32_t flags) {
  KEYSTONE_TRY(const auto insisted_on, format_of(format));
  if ((flags & ~KEYSTONE_ALLOW_TRAILING) != 0) {
    return fail(ErrorCode::usage, "flags: got " + std::to_string(flags) + ", want 0 or " +
                                      std::to_string(KEYSTONE_ALLOW_TRAILING));
  }
  return Report::ParseOptions{insisted_on, flags == KEYSTONE_ALLOW_TRAILING};
}

}  // namespace

keystone_status keystone_report_parse(const uint8_t* bytes, size_t size,
                                      keystone_report_format format, uint32_t flags,
                                      keystone_report** out, keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_report> {
    KEYSTONE_TRY(const auto options, options_of(format, flags));
    KEYSTONE_TRY(const ByteView input, bytes_at("bytes", bytes, size));
    KEYSTONE_TRY(Report report, Report::parse(input, options));
    return keystone_report{{std::move(report)}};
  });
}

keystone_report_format keystone_report_format_of(const keystone_report* report) {
  if (report != nullptr) {
    switch (report->evidence.report.format()) {
      case ReportFormat::fixed:
        return KEYSTONE_FORMAT_FIXED;
      case ReportFormat::compact:
        return KEYSTONE_FORMAT_COMPACT;
      case ReportFormat::json:
        return KEYSTONE_FORMAT_JSON;
    }
  }
  return KEYSTONE_FORMAT_ANY;
}

const uint8_t* keystone_report_data(const keystone_report* report, size_t* size) {
  if (size == nullptr) {
    return nullptr;
  }
  const ByteView data = report == nullptr ? ByteView() : report->evidence.report.data();
  *size = data.size();
  return data.data();
}

void keystone_report_free(keystone_report* report) {
  delete report;
}
