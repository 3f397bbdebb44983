// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/memory_map_text.hpp"

#include "common/json_text.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <array>

namespace keystone::cli {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// Characters in UTF-8 that are not shown: `lead`, then a byte from `first` to `last`.
struct Unseen {
  std::string_view lead;
  unsigned char first;
  unsigned char last;
};
constexpr std::array<Unseen, 7> kUnseen = {{
    {"\xc2", 0x80, 0x9f},      // U+0080 to U+009F: controls
    {"\xd8", 0x9c, 0x9c},      // U+061C: a mark of direction
    {"\xe2\x80", 0x8b, 0x8f},  // U+200B to U+200F: without width, and marks of direction
    {"\xe2\x80", 0xa8, 0xae},  // U+2028 to U+202E: ends of lines, and turns of direction
    {"\xe2\x81", 0xa0, 0xaf},  // U+2060 to U+206F: without width, and turns of direction
    {"\xef\xbb", 0xbf, 0xbf},  // U+FEFF: the byte order mark
    {"\xef\xbf", 0xb0, 0xbb},  // U+FFF0 to U+FFFB: marks of annotations
}};
// U+FFFE and U+FFFF, which XML does not have.
constexpr Unseen kNoCharacters = {"\xef\xbf", 0xbe, 0xbf};

bool starts_with(std::string_view text, const Unseen& unseen) {
  if (text.size() <= unseen.lead.size() || !text.starts_with(unseen.lead)) {
    return false;
  }
  const auto byte = static_cast<unsigned char>(text[unseen.lead.size()]);
  return byte >= unseen.first && byte <= unseen.last;
}

// How many bytes at the start of `text` are a character that is not shown: 0 if it is shown.
std::size_t unseen_size(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte < 0x20 || byte == 0x7f) {
    return 1;
  }
  const auto* const found = std::find_if(kUnseen.begin(), kUnseen.end(), [&](const Unseen& unseen) {
    return starts_with(text, unseen);
  });
  if (found != kUnseen.end()) {
    return found->lead.size() + 1;
  }
  return starts_with(text, kNoCharacters) ? kNoCharacters.lead.size() + 1 : 0;
}

std::string entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {c};
  }
}

}  // namespace

std::string markup(std::string_view text) {
  const std::string valid = nlohmann::ordered_json::parse(json_text(text));
  std::string out;
  for (std::string_view rest = valid; !rest.empty();) {
    const std::size_t unseen = unseen_size(rest);
    out += unseen == 0 ? entity_of(rest.front()) : std::string(kReplacement);
    rest.remove_prefix(std::max<std::size_t>(unseen, 1));
  }
  return out;
}

std::string binary_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 7> kUnits = {"bytes", "KiB", "MiB", "GiB",
                                                      "TiB",   "PiB", "EiB"};
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && bytes >> (10 * (unit + 1)) != 0) {
    ++unit;
  }
  const std::uint64_t one = std::uint64_t{1} << (10 * unit);
  const std::string name = " " + std::string(kUnits[unit]);
  if (bytes % one == 0) {
    return std::to_string(bytes / one) + name;
  }
  // Rounded down; a tenth of a unit is never more than what 64 bits hold.
  const std::uint64_t tenth = (bytes % one) / (one / 10);
  return "about " + std::to_string(bytes / one) + "." +
         std::to_string(std::min<std::uint64_t>(tenth, 9)) + name;
}

std::string describe(const MeasuredRange& range) {
  std::string text = std::string(range.role) + ", " + to_hex_number(range.address) + " to " +
                     to_hex_number(range.address + (range.size - 1)) + ", " +
                     binary_size(range.size);
  if (range.file_bytes != 0) {
    text += "; " + std::to_string(range.file_bytes) + " bytes from file offset " +
            to_hex_number(range.file_offset);
  } else {
    text += "; not in the file";
  }
  if (range.segment) {
    text += "; segment " + std::to_string(*range.segment);
  }
  if (!range.sections.empty()) {
    text += "; " + range.sections;
  }
  if (range.zeros != Zeros::none) {
    text += "; zeros: " + std::string(explain_zeros(range.zeros));
  }
  return text;
}

std::string_view address_name(Profile profile) {
  return info(profile).scheme == Scheme::loader ? "offset" : "address";
}

std::string_view explain_zeros(Zeros zeros) {
  switch (zeros) {
    case Zeros::none:
      return "";
    case Zeros::padding:
      return "padding up to whole pages";
    case Zeros::bss:
      return "memory that is not in the file (.bss)";
    case Zeros::stack:
      return "stack";
    case Zeros::untrusted:
      return "buffer shared with the host";
  }
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone::cli
