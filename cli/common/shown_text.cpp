// SPDX-License-Identifier: Apache-2.0
#include "common/shown_text.hpp"

#include <algorithm>
#include <array>

namespace keystone::cli {
namespace {

// Characters in UTF-8 that are not shown: `lead`, then a byte from `first` to `last`.
struct Unseen {
  std::string_view lead;
  unsigned char first;
  unsigned char last;
};
constexpr std::array<Unseen, 8> kUnseen = {{
    {"\xc2", 0x80, 0x9f},      // U+0080 to U+009F: controls
    {"\xd8", 0x9c, 0x9c},      // U+061C: a mark of direction
    {"\xe2\x80", 0x8b, 0x8f},  // U+200B to U+200F: without width, and marks of direction
    {"\xe2\x80", 0xa8, 0xae},  // U+2028 to U+202E: ends of lines, and turns of direction
    {"\xe2\x81", 0xa0, 0xaf},  // U+2060 to U+206F: without width, and turns of direction
    {"\xef\xbb", 0xbf, 0xbf},  // U+FEFF: the byte order mark
    {"\xef\xbf", 0xb0, 0xbb},  // U+FFF0 to U+FFFB: marks of annotations
    {"\xef\xbf", 0xbe, 0xbf},  // U+FFFE and U+FFFF, which XML does not have
}};

bool starts_with(std::string_view text, const Unseen& unseen) {
  if (text.size() <= unseen.lead.size() || !text.starts_with(unseen.lead)) {
    return false;
  }
  const auto byte = static_cast<unsigned char>(text[unseen.lead.size()]);
  return byte >= unseen.first && byte <= unseen.last;
}

// The first bytes of characters, and what the second may be, so that each character has one form
// and none is a surrogate (RFC 3629, section 4).
struct Lead {
  unsigned char first, last;
  std::size_t size;
  unsigned char second_first, second_last;
};
constexpr std::array<Lead, 9> kLeads = {{
    {0x00, 0x7f, 1, 0, 0},
    {0xc2, 0xdf, 2, 0x80, 0xbf},
    {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f},
    {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f},
}};

bool is_within(char c, unsigned char first, unsigned char last) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= first && byte <= last;
}

}  // namespace

std::size_t utf8_size(std::string_view text) {
  for (const Lead& lead : kLeads) {
    if (!is_within(text.front(), lead.first, lead.last)) {
      continue;
    }
    const bool is_there = text.size() >= lead.size;
    const bool is_whole =
        is_there && (lead.size == 1 || is_within(text[1], lead.second_first, lead.second_last)) &&
        std::all_of(
            text.begin() + std::min<std::ptrdiff_t>(2, std::ssize(text)),
            text.begin() + std::min(std::ssize(text), static_cast<std::ptrdiff_t>(lead.size)),
            [](char c) { return is_within(c, 0x80, 0xbf); });
    return is_whole ? lead.size : 0;
  }
  return 0;
}

std::size_t unshown_size(std::string_view text) {
  const std::size_t size = utf8_size(text);
  if (size == 0 || is_within(text.front(), 0, 0x1f) || text.front() == 0x7f) {
    return 1;
  }
  const bool is_unseen = std::any_of(kUnseen.begin(), kUnseen.end(), [&](const Unseen& unseen) {
    return starts_with(text, unseen);
  });
  return is_unseen ? size : 0;
}

}  // namespace keystone::cli
