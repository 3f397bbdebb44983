// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <string_view>

namespace keystone::detail {

// `malformed`, naming `field`, unless `kid` can be the name of a key (JwkSet::kMaxKid).
[[nodiscard]] Status check_kid(std::string_view field, std::string_view kid);

}  // namespace keystone::detail
