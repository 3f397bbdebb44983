// SPDX-License-Identifier: Apache-2.0
#include "common/console.hpp"

#include "common/exit_codes.hpp"

#include <gtest/gtest.h>

namespace keystone::cli {
namespace {

TEST(ExitCode, IsTheDocumentedOneForEveryError) {
  EXPECT_EQ(exit_code(ErrorCode::usage), 2);
  EXPECT_EQ(exit_code(ErrorCode::malformed), 3);
  EXPECT_EQ(exit_code(ErrorCode::unreadable), 3);
  EXPECT_EQ(exit_code(ErrorCode::limit_exceeded), 3);
  EXPECT_EQ(exit_code(ErrorCode::unwritable), 4);
  EXPECT_EQ(exit_code(ErrorCode::internal), 4);
  EXPECT_EQ(exit_code(ErrorCode::unreachable), 5);
}

TEST(OneLine, HasNoControlCharacterAndKeepsTheRest) {
  EXPECT_EQ(one_line("a b~\xc3\xa9\xe2\x82\xac"), "a b~\xc3\xa9\xe2\x82\xac");
  EXPECT_EQ(one_line({"\0\t\n\r\x1b[0m\x7f", 9}), "?????[0m?");
  EXPECT_EQ(one_line("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"), "??????\xc2\xa0");  // U+0080 to U+00A0
  EXPECT_EQ(one_line("\x9b\xc3\x9b\xc2"), "?\xc3\x9b?");                      // U+00DB is a letter
  EXPECT_EQ(one_line(""), "");
}

}  // namespace
}  // namespace keystone::cli
