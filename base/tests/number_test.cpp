// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/number.hpp"

#include "fails_with.hpp"

#include <utility>

namespace keystone {
namespace {

TEST(ParseUnsigned, ReadsDecimalAndHexNumbers) {
  constexpr std::pair<std::string_view, std::uint64_t> kNumbers[] = {
      {"0", 0},
      {"7", 7},
      {"4096", 4096},
      {"18446744073709551615", UINT64_MAX},
      {"0x0", 0},
      {"0x10", 16},
      {"0xaBcD", 0xabcd},
      {"0x80000000", 0x80000000},
      {"0xffffffffffffffff", UINT64_MAX},
      {"0x00000000000000000001", 1},
  };
  for (const auto& [text, number] : kNumbers) {
    const auto read = parse_unsigned("--size", text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, number) << text;
  }
}

TEST(ParseUnsigned, RejectsEveryOtherSpelling) {
  constexpr std::string_view kTexts[] = {
      "",    "-1",   "+1",  "-0",  " 1",   "1 ",   "\t1",   "1\n",  "010",   "00",
      "0x",  "0X10", "x10", "0x ", "0x-1", "0x+1", "0x0x1", "0x1g", "1.0",   "1e3",
      "1,0", "1_0",  "12k", "abc", "١",    "1u",   "0b1",   "0o17", "0x1p3", "--1",
      "NaN", "inf",  "1;2", "$1",  "0-1",  "1-",   "0x1 ",  " 0x1", "0x10h", "'1'"};
  for (const std::string_view text : kTexts) {
    EXPECT_TRUE(fails_with(parse_unsigned("--size", text), ErrorCode::usage, {"--size: got '"}))
        << text;
  }
  EXPECT_TRUE(fails_with(parse_unsigned("n", std::string_view("1\0", 2)), ErrorCode::usage));
}

TEST(ParseUnsigned, SaysThatItReadsNoOctal) {
  const auto read = parse_unsigned("--base", "010");
  ASSERT_TRUE(fails_with(read, ErrorCode::usage, {"--base", "'010'", "leading zeros"}));
  EXPECT_NE(read.error().hint.find("0x"), std::string::npos);
}

TEST(ParseUnsigned, RejectsNumbersAbove64Bits) {
  for (const std::string_view text :
       {"18446744073709551616", "0x10000000000000000", "99999999999999999999999999"}) {
    EXPECT_TRUE(fails_with(parse_unsigned("--size", text), ErrorCode::usage, {"below 2^64"}));
  }
}

TEST(ParseUnsigned, KeepsToTheRange) {
  constexpr NumberRange kRange{1, 255};
  EXPECT_TRUE(parse_unsigned("--fill", "1", kRange));
  EXPECT_TRUE(parse_unsigned("--fill", "0xff", kRange));
  for (const std::string_view text : {"0", "256", "0x100", "18446744073709551615"}) {
    EXPECT_TRUE(fails_with(parse_unsigned("--fill", text, kRange), ErrorCode::usage,
                           {"--fill: got '" + std::string(text) + "'", "want 1 to 255"}));
  }
}

TEST(ParseUnsigned, ShowsHostileTextAsOneShortLine) {
  const std::string text = "\x1b[31m\n" + std::string(5000, 'z');
  const auto read = parse_unsigned("--jobs", text);
  ASSERT_TRUE(fails_with(read, ErrorCode::usage));
  EXPECT_LT(read.error().message.size(), 200U);
}

TEST(ToHexNumber, WritesLowerCaseDigitsWithoutLeadingZeros) {
  EXPECT_EQ(to_hex_number(0), "0x0");
  EXPECT_EQ(to_hex_number(0x0ab), "0xab");
  EXPECT_EQ(to_hex_number(UINT64_MAX), "0xffffffffffffffff");
}

TEST(ToHexNumber, IsReadBackForEveryPowerOfTwoAndItsNeighbours) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    for (const std::uint64_t number : {power - 1, power, power + 1}) {
      const auto hex = parse_unsigned("n", to_hex_number(number));
      const auto decimal = parse_unsigned("n", std::to_string(number));
      ASSERT_TRUE(hex && decimal);
      EXPECT_EQ(*hex, number);
      EXPECT_EQ(*decimal, number);
    }
  }
}

}  // namespace
}  // namespace keystone
