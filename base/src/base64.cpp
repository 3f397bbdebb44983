// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/base64.hpp"

#include "keystone/base/hex.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace keystone::base64 {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static_assert(kStandard.size() == 64 && kUrl.size() == 64);

constexpr std::uint8_t kNone = 0xff;
using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
  Values values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr Values kStandardValues = values_of(kStandard);
constexpr Values kUrlValues = values_of(kUrl);

bool is_padded(Form form) {
  return form != Form::url;
}

// The text without its padding: of one group of four, the last one or two characters.
Result<std::string_view> without_padding(std::string_view field, std::string_view text, Form form) {
  std::string_view digits = text;
  if (is_padded(form)) {
    if (text.size() % 4 != 0) {
      return fail(ErrorCode::malformed, std::string(field) + ": got " +
                                            std::to_string(text.size()) +
                                            " characters of base64, want a multiple of 4");
    }
    for (int i = 0; i < 2 && digits.ends_with('='); ++i) {
      digits.remove_suffix(1);
    }
  }
  if (digits.size() % 4 == 1) {
    return fail(ErrorCode::malformed, std::string(field) + ": got " +
                                          std::to_string(digits.size()) +
                                          " characters of base64, and no bytes have that many");
  }
  return digits;
}

// The value of four characters or, at the end, of two or three.
Result<std::uint32_t> group_value(std::string_view field, std::string_view text, std::size_t at,
                                  const Values& values) {
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    group <<= 6U;
    if (at + i < text.size()) {
      const auto code = static_cast<std::uint8_t>(text[at + i]);
      if (values[code] == kNone) {
        return fail(ErrorCode::malformed, std::string(field) + ": got the character 0x" +
                                              hex::encode(std::array{code}) + " at " +
                                              std::to_string(at + i) + ", want base64");
      }
      group |= values[code];
    }
  }
  return group;
}

}  // namespace

std::string encode(std::span<const std::uint8_t> bytes, Form form) {
  const std::string_view alphabet = form == Form::standard ? kStandard : kUrl;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < count ? bytes[at + i] : 0U);
    }
    for (std::size_t i = 0; i <= count; ++i) {
      text += alphabet[group >> (18U - 6U * i) & 0x3fU];
    }
    if (is_padded(form)) {
      text.append(3 - count, '=');
    }
  }
  return text;
}

Result<std::vector<std::uint8_t>> decode(std::string_view field, std::string_view text, Form form) {
  KEYSTONE_TRY(const auto digits, without_padding(field, text, form));
  const Values& values = form == Form::standard ? kStandardValues : kUrlValues;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(digits.size() / 4 * 3 + 2);
  for (std::size_t at = 0; at < digits.size(); at += 4) {
    KEYSTONE_TRY(const auto group, group_value(field, digits, at, values));
    const std::size_t count = std::min<std::size_t>(4, digits.size() - at) - 1;
    for (std::size_t i = 0; i < count; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(group >> (16U - 8U * i)));
    }
    // What is left of the last character: the same bytes would have several spellings.
    if ((group & ((1U << (24U - 8U * count)) - 1U)) != 0) {
      return fail(ErrorCode::malformed,
                  std::string(field) + ": the unused bits at the end of the base64 are not zero");
    }
  }
  return bytes;
}

Result<std::vector<std::uint8_t>> decode_any(std::string_view field, std::string_view text) {
  const bool is_url = text.find_first_of("-_") != std::string_view::npos;
  const bool is_padded = text.find('=') != std::string_view::npos;
  const std::string padding(is_padded ? 0 : (4 - text.size() % 4) % 4, '=');
  return decode(field, std::string(text) + padding, is_url ? Form::url_padded : Form::standard);
}

}  // namespace keystone::base64
