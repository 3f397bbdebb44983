// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace keystone::cli {

// How many bytes at the start of `text`, which is not empty, must not be shown as they are: a
// control character, a character without a shape or that turns the direction of text around, a byte
// that is not UTF-8. 0 if it starts with a character that may be shown.
[[nodiscard]] std::size_t unshown_size(std::string_view text);

// How many bytes the character at the start of `text` has; 0 if there is none in UTF-8 (RFC 3629).
[[nodiscard]] std::size_t utf8_size(std::string_view text);

}  // namespace keystone::cli
