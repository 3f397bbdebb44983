// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Base64 (RFC 4648), read so strictly that every value has one spelling in each form: no line
// breaks or other white space, padding as the form says, unused bits zero.
namespace keystone::base64 {

enum class Form : std::uint8_t {
  standard,    // section 4: + and /, padded
  url,         // section 5: - and _, without padding, as JOSE has it (RFC 7515, section 2)
  url_padded,  // section 5 with padding
};

[[nodiscard]] std::string encode(std::span<const std::uint8_t> bytes, Form form);

// The bytes that `text` spells. `malformed`, naming `field`, for anything that encode() does not
// write in that form.
[[nodiscard]] Result<std::vector<std::uint8_t>> decode(std::string_view field,
                                                       std::string_view text, Form form);

// For what peers spell in different ways: the same in either alphabet, padded or not. Text of
// neither `-_` nor `+/` is the same in both.
[[nodiscard]] Result<std::vector<std::uint8_t>> decode_any(std::string_view field,
                                                           std::string_view text);

}  // namespace keystone::base64
