// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace keystone::server {

// openapi.json, as it is in the tree; the build makes its definition.
extern const std::string_view kOpenApi;

}  // namespace keystone::server
