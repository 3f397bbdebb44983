// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_node.hpp"
#include "keystone/base/json.hpp"

namespace keystone::detail {

// The tree of a document of any kind, within `limits`; the adapter to the JSON library.
[[nodiscard]] Result<JsonNode> parse_json_tree(std::string_view text, const JsonLimits& limits);

}  // namespace keystone::detail
