// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/text.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

TEST(Printable, KeepsPrintableAscii) {
  EXPECT_EQ(printable("enclave ~ [1]"), "enclave ~ [1]");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, ReplacesEveryOtherByte) {
  EXPECT_EQ(printable("a\x1b[2Jb\n\r\t\x7f"), "a?[2Jb????");
  EXPECT_EQ(printable(std::string_view("\0\x1f", 2)), "??");
  EXPECT_EQ(printable("\xc3\xa9\xff\x80"), "????");
}

TEST(Printable, MarksWhatItCutsOff) {
  EXPECT_EQ(printable("abcd", 4), "abcd");
  EXPECT_EQ(printable("abcde", 4), "abcd...");
  EXPECT_EQ(printable(std::string(61, 'x')), std::string(60, 'x') + "...");
}

TEST(IsPlainText, TakesNamesInAnyScript) {
  EXPECT_TRUE(is_plain_text("a", 1));
  EXPECT_TRUE(is_plain_text("build/dir with space/eapp.elf", 4096));
  EXPECT_TRUE(is_plain_text("\xc3\xa9\xc2\xa0\xe9\x9b\xaa", 8));
  EXPECT_TRUE(is_plain_text("\xe2\x82\x85 \xf0\x9f\x98\x80", 8));  // 0x82..0x9f as later bytes
}

TEST(IsPlainText, RefusesEmptyAndLongText) {
  EXPECT_FALSE(is_plain_text("", 10));
  EXPECT_TRUE(is_plain_text("0123456789", 10));
  EXPECT_FALSE(is_plain_text("0123456789a", 10));
}

TEST(IsPlainText, RefusesEveryControlCharacter) {
  for (int code = 0; code < 0x20; ++code) {
    EXPECT_FALSE(is_plain_text(std::string("a") + static_cast<char>(code) + "b", 10)) << code;
  }
  EXPECT_FALSE(is_plain_text("a\x7f", 10));
}

TEST(IsPlainText, RefusesTheControlCharactersAboveAscii) {
  for (int code = 0x80; code < 0xa0; ++code) {  // U+0080 to U+009F, CSI among them
    EXPECT_FALSE(is_plain_text(std::string("a\xc2") + static_cast<char>(code), 10)) << code;
  }
}

TEST(IsPlainText, RefusesWhatTurnsTheDirectionOfText) {
  for (const char* const control :
       {"\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9"}) {
    EXPECT_FALSE(is_plain_text(std::string("good") + control + "dab", 128));
  }
  EXPECT_TRUE(is_plain_text("\xe2\x80\xa9\xe2\x81\xaa", 128));  // their neighbours
}

}  // namespace
}  // namespace keystone
