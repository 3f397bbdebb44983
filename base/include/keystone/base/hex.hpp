// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Hex as every format of this project has it: lower-case digits, no prefix, no separators.
namespace keystone::hex {

[[nodiscard]] std::string encode(std::span<const std::uint8_t> bytes);

// The bytes that `text` spells. `malformed`, naming `field`, for an odd number of digits or for any
// character outside 0-9 a-f (upper case too: one value has one spelling).
[[nodiscard]] Result<std::vector<std::uint8_t>> decode(std::string_view field,
                                                       std::string_view text);

// As decode(), into `out`, which the digits must fill exactly. On failure `out` is unspecified.
[[nodiscard]] Status decode_exactly(std::string_view field, std::string_view text,
                                    std::span<std::uint8_t> out);

}  // namespace keystone::hex
