// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/number.hpp"

#include "keystone/base/text.hpp"

#include <array>
#include <charconv>

namespace keystone {
namespace {

std::string shown(std::string_view text) {
  return "'" + printable(text) + "'";
}

tl::unexpected<Error> not_a_number(std::string_view field, std::string_view text) {
  return fail(ErrorCode::usage, std::string(field) + ": got " + shown(text) +
                                    ", want a decimal number or 0x and hex digits");
}

}  // namespace

Result<std::uint64_t> parse_unsigned(std::string_view field, std::string_view text,
                                     NumberRange range) {
  const bool is_hex = text.starts_with("0x");
  const std::string_view digits = is_hex ? text.substr(2) : text;
  if (!is_hex && digits.size() > 1 && digits.front() == '0') {
    return fail(
        ErrorCode::usage,
        std::string(field) + ": got " + shown(text) + ", want a number without leading zeros",
        "octal is not read; write hex numbers with 0x");
  }
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, value, is_hex ? 16 : 10);
  if (problem == std::errc::result_out_of_range) {
    return fail(ErrorCode::usage,
                std::string(field) + ": got " + shown(text) + ", want a number below 2^64");
  }
  if (problem != std::errc() || stop != end) {
    return not_a_number(field, text);
  }
  if (value < range.min || value > range.max) {
    return fail(ErrorCode::usage, std::string(field) + ": got " + shown(text) + ", want " +
                                      std::to_string(range.min) + " to " +
                                      std::to_string(range.max));
  }
  return value;
}

std::string to_hex_number(std::uint64_t value) {
  std::array<char, 16> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return "0x" + std::string(digits.data(), result.ptr);
}

}  // namespace keystone
