// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

// Reading test-vectors/. A missing or damaged file ends the test program: no vector passes unread.
namespace keystone::testing {

using Bytes = std::vector<std::uint8_t>;

// The path of `name` in test-vectors/.
[[nodiscard]] std::string vector_path(std::string_view name);

[[nodiscard]] Bytes read_vector_file(std::string_view name);
[[nodiscard]] nlohmann::json read_vector_json(std::string_view name);

// Throws unless the members of `object` are exactly `keys`: no expectation goes unread.
void require_keys(const nlohmann::json& object, const std::vector<std::string>& keys);

}  // namespace keystone::testing
