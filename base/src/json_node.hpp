// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace keystone::detail {

struct JsonNode;
using JsonMembers = std::map<std::string, JsonNode, std::less<>>;
using JsonElements = std::vector<JsonNode>;

// A number that is not a non-negative integer: no reader wants its value.
struct JsonOtherNumber {};

struct JsonNode {
  std::variant<std::monostate, bool, std::uint64_t, JsonOtherNumber, std::string, JsonElements,
               JsonMembers>
      value;
};

}  // namespace keystone::detail
