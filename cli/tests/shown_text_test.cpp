// SPDX-License-Identifier: Apache-2.0
#include "common/shown_text.hpp"

#include "common/console.hpp"

#include <gtest/gtest.h>

namespace keystone::cli {
namespace {

TEST(ShownText, HasCharactersOfOneToFourBytes) {
  EXPECT_EQ(utf8_size("a"), 1U);
  EXPECT_EQ(utf8_size("\xc3\xa9t"), 2U);
  EXPECT_EQ(utf8_size("\xe2\x82\xac"), 3U);
  EXPECT_EQ(utf8_size("\xf0\x9f\x94\x91"), 4U);
  for (const std::string_view text : {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x94\x91", "~"}) {
    EXPECT_EQ(unshown_size(text), 0U) << text;
    EXPECT_EQ(one_line(text), text);
  }
}

TEST(ShownText, HasNoCharacterInBytesThatAreNotUtf8) {
  for (const std::string_view text :
       {"\x80", "\x9b", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80", "\xe2\x82",
        "\xe2\x28\xa1", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf0\x9f\x94", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(utf8_size(text), 0U);
    EXPECT_EQ(unshown_size(text), 1U);
    EXPECT_EQ(one_line(text).front(), '?');
  }
}

TEST(ShownText, HidesWhatMovesTheCursorOrTheTextBesideIt) {
  EXPECT_EQ(one_line("a\nb\x1b[31mc\x7f"), "a?b?[31mc?");
  EXPECT_EQ(one_line("\xc2\x9b"
                     "31m"),
            "??31m");
  EXPECT_EQ(one_line("\x9b"
                     "31m"),
            "?31m");
  EXPECT_EQ(one_line("a\xe2\x80\xae"
                     "b"),
            "a???b");
  EXPECT_EQ(one_line("a\xe2\x81\xa6"
                     "b"),
            "a???b");
  EXPECT_EQ(one_line("a\xe2\x80\x8b"
                     "b\xe2\x80\xa8"),
            "a???b???");
  EXPECT_EQ(one_line("\xef\xbb\xbf\xef\xbf\xbe"), "??????");
}

}  // namespace
}  // namespace keystone::cli
