// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/memory_map_text.hpp"

#include "common/json_text.hpp"
#include "common/shown_text.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <array>

namespace keystone::cli {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

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
    const std::size_t unshown = unshown_size(rest);
    const std::size_t size = unshown == 0 ? utf8_size(rest) : unshown;
    if (unshown != 0) {
      out += kReplacement;
    } else {
      out += size == 1 ? entity_of(rest.front()) : std::string(rest.substr(0, size));
    }
    rest.remove_prefix(size);
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
