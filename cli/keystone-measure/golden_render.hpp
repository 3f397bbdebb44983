// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/golden_check.hpp"

#include <string>
#include <string_view>
#include <vector>

// The outcome of `golden check` in the formats that CI systems read.
namespace keystone::cli {

enum class CheckFormat : std::uint8_t {
  text,    // a line per entry
  json,    // {"schema": "keystone.golden-check/1", ...}
  junit,   // JUnit XML: GitLab, Jenkins
  sarif,   // SARIF 2.1.0 (OASIS): code scanning
  github,  // GitHub Actions workflow commands: annotations
};

[[nodiscard]] Result<CheckFormat> check_format_from_name(std::string_view name);

// `file` is the golden file as the user named it. No outcomes at all are a failed check.
[[nodiscard]] std::string render(const std::vector<EntryOutcome>& outcomes, std::string_view file,
                                 CheckFormat format);

}  // namespace keystone::cli
