// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/hex.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace keystone::hex {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::uint8_t kNotHex = 0xff;

// The value of every character: one look-up a digit, no branches on data.
constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNotHex);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

// Both digits of every byte.
constexpr std::array<std::array<char, 2>, 256> kPairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {kDigits[i / 16], kDigits[i % 16]};
  }
  return pairs;
}();

std::uint8_t value_of(char digit) {
  return kValues[static_cast<unsigned char>(digit)];
}

tl::unexpected<Error> bad_digit(std::string_view field, std::string_view text) {
  std::size_t at = 0;
  while (value_of(text[at]) != kNotHex) {
    ++at;
  }
  // The character itself may be anything: its code is printed, not the character.
  const auto code = static_cast<std::uint8_t>(text[at]);
  return fail(ErrorCode::malformed, std::string(field) + ": got the character 0x" +
                                        encode(std::array{code}) + " at digit " +
                                        std::to_string(at) + ", want lower-case hex digits");
}

}  // namespace

std::string encode(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.size() * 2, '0');
  auto at = text.begin();
  for (const std::uint8_t byte : bytes) {
    at = std::copy(kPairs[byte].begin(), kPairs[byte].end(), at);
  }
  return text;
}

Status decode_exactly(std::string_view field, std::string_view text, std::span<std::uint8_t> out) {
  if (text.size() != out.size() * 2) {
    return fail(ErrorCode::malformed, std::string(field) + ": got " + std::to_string(text.size()) +
                                          " hex digits, want " + std::to_string(out.size() * 2));
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint8_t high = value_of(text[2 * i]);
    const std::uint8_t low = value_of(text[2 * i + 1]);
    if (high == kNotHex || low == kNotHex) {
      return bad_digit(field, text);
    }
    out[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  return {};
}

Result<std::vector<std::uint8_t>> decode(std::string_view field, std::string_view text) {
  if (text.size() % 2 != 0) {
    return fail(ErrorCode::malformed, std::string(field) + ": got " + std::to_string(text.size()) +
                                          " hex digits, want an even number");
  }
  std::vector<std::uint8_t> bytes(text.size() / 2);
  KEYSTONE_CHECK_OK(decode_exactly(field, text, bytes));
  return bytes;
}

}  // namespace keystone::hex
