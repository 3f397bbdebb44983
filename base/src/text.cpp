// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/text.hpp"

#include <algorithm>

namespace keystone {

std::string printable(std::string_view text, std::size_t most) {
  std::string out(text.substr(0, most));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return text.size() > most ? out + "..." : out;
}

bool is_plain_text(std::string_view text, std::size_t most) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  };
  // U+0080 to U+009F in UTF-8: 0xc2 and that byte.
  const auto is_high_control = [](char lead, char c) {
    const auto byte = static_cast<unsigned char>(c);
    return lead == '\xc2' && byte >= 0x80 && byte <= 0x9f;
  };
  return !text.empty() && text.size() <= most &&
         std::none_of(text.begin(), text.end(), is_control) &&
         std::adjacent_find(text.begin(), text.end(), is_high_control) == text.end();
}

}  // namespace keystone
