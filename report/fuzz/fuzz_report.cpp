// SPDX-License-Identifier: Apache-2.0
// What is read as a report, in whatever form, is the same report in each of the three, and is read
// back from them without its unsigned tail. An error is one printable line.
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"
#include "keystone/report/report.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>

namespace {

using keystone::Report;
using keystone::ReportFormat;

void check(keystone::ByteView input, Report::ParseOptions options) {
  const auto report = Report::parse(input, options);
  if (!report) {
    const std::string& message = report.error().message;
    KEYSTONE_ASSERT(!message.empty() && keystone::printable(message, message.size()) == message);
    return;
  }
  const bool is_json = report->format() == ReportFormat::json;
  const keystone::ByteView came = report->received();
  KEYSTONE_ASSERT(is_json || std::equal(came.begin(), came.end(), input.begin()));
  const auto compact = report->encode_compact();
  const std::string json = report->encode_json();
  for (const auto& bytes : {compact, report->encode_fixed(), {json.begin(), json.end()}}) {
    const auto again = Report::parse(bytes);
    KEYSTONE_ASSERT(again && again->encode_compact() == compact && !again->has_dirty_tail());
  }
}

}  // namespace

void keystone::fuzz(ByteView input) {
  check(input, {std::nullopt, false});
  check(input, {std::nullopt, true});
  check(input, {ReportFormat::compact, false});
}
