// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keystone {

// A stranger's text, fit for a one-line message on a terminal: at most `most` bytes of it, and a
// question mark for every byte that is not printable ASCII.
[[nodiscard]] std::string printable(std::string_view text, std::size_t most = 60);

// Whether a name or a path may stand in a file of ours: not empty, at most `most` bytes, no control
// character (of ASCII, or in UTF-8 U+0080 to U+009F and those that turn the direction of text
// around).
[[nodiscard]] bool is_plain_text(std::string_view text, std::size_t most);

}  // namespace keystone
