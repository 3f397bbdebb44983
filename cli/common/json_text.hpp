// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace keystone::cli {

// JSON as an answer: indented by two spaces (-1: on one line), with a line feed at the end. Paths
// and messages may hold any bytes; what is not UTF-8 is shown as U+FFFD.
[[nodiscard]] inline std::string json_text(const nlohmann::ordered_json& json, int indent = 2) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace keystone::cli
