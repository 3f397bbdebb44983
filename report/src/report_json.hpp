// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/report/report.hpp"

namespace keystone::detail {

// The fields of a report in the JSON form of Keystone's SDK, read strictly.
[[nodiscard]] Result<ReportFields> read_report_json(std::string_view text);

}  // namespace keystone::detail
