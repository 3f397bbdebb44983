// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace keystone {

// The hint for a name that is not in `known`: `did you mean a or b?` for the names within a third
// of its length in edits and those it is a part of, else `one of a, b, c`. Empty if none is known.
[[nodiscard]] std::string suggest_names(std::string_view got,
                                        std::span<const std::string_view> known);

// Where `name` is in `known`; `usage`, naming `field` and with suggest_names() as the hint, if it
// is not.
[[nodiscard]] Result<std::size_t> index_of_name(std::string_view field, std::string_view name,
                                                std::span<const std::string_view> known);

}  // namespace keystone
