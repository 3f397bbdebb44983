// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace keystone {

// The inclusive range that a number must lie in.
struct NumberRange {
  std::uint64_t min = 0;
  std::uint64_t max = UINT64_MAX;
};

// A number as options and text fields spell it: decimal without leading zeros, or 0x and hex
// digits. No sign, no white space, no suffix, no octal. `usage`, naming `field`, for anything else
// and for a number outside `range`.
[[nodiscard]] Result<std::uint64_t> parse_unsigned(std::string_view field, std::string_view text,
                                                   NumberRange range = {});

// 0x and lower-case hex digits without leading zeros: how addresses and sizes are written.
[[nodiscard]] std::string to_hex_number(std::uint64_t value);

}  // namespace keystone
