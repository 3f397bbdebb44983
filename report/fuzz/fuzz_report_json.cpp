// SPDX-License-Identifier: Apache-2.0
// What is read as a report in JSON holds the values that a plain JSON reader finds in the text, and
// no others. An error is one printable line.
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"
#include "keystone/report/report.hpp"
#include "keystone/testing/fuzz.hpp"

#include <nlohmann/json.hpp>

void keystone::fuzz(ByteView input) {
  const auto report = Report::parse(input, {ReportFormat::json, false});
  if (!report) {
    const std::string& message = report.error().message;
    KEYSTONE_ASSERT(!message.empty() && printable(message, message.size()) == message);
    KEYSTONE_ASSERT(report.error().code != ErrorCode::internal);
    return;
  }
  KEYSTONE_ASSERT(nlohmann::json::parse(input.begin(), input.end()) ==
                  nlohmann::json::parse(report->encode_json()));
}
