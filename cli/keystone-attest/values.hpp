// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"
#include "keystone/base/bytes.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/report/report.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Values of options, read strictly. All fail with `usage`, naming the option.
namespace keystone::cli::attest {

// The same, with what the readers of files call malformed as a wrong command line.
template <class Value>
[[nodiscard]] Result<Value> as_usage(Result<Value> result) {
  if (!result) {
    return usage(result.error().message, result.error().hint);
  }
  return result;
}

template <class Field>
[[nodiscard]] Result<Field> fixed_bytes(std::string_view option, std::string_view text) {
  return as_usage(Field::from_hex(option, text));
}

[[nodiscard]] Result<std::vector<std::uint8_t>> hex_bytes(std::string_view option,
                                                          std::string_view text);

// Absent if `text` is empty.
[[nodiscard]] Result<std::optional<Instant>> instant_if_given(std::string_view option,
                                                              std::string_view text);

// --not-before and --not-after.
[[nodiscard]] Result<Validity> validity(std::string_view not_before, std::string_view not_after);

[[nodiscard]] Result<ReportFormat> report_format(std::string_view option, std::string_view word);

}  // namespace keystone::cli::attest
