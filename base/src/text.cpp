// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/text.hpp"

#include <algorithm>
#include <array>

namespace keystone {
namespace {

// What turns the direction of the text around it (Unicode TR 36, "Bidirectional Text Spoofing"):
// LRE, RLE, PDF, LRO, RLO, LRI, RLI, FSI, PDI, in UTF-8.
constexpr std::array<std::string_view, 9> kDirectionControls = {
    "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
    "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9"};

}  // namespace

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
  const auto is_in_text = [&](std::string_view control) {
    return text.find(control) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= most &&
         std::none_of(kDirectionControls.begin(), kDirectionControls.end(), is_in_text) &&
         std::none_of(text.begin(), text.end(), is_control) &&
         std::adjacent_find(text.begin(), text.end(), is_high_control) == text.end();
}

}  // namespace keystone
