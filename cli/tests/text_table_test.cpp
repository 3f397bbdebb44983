// SPDX-License-Identifier: Apache-2.0
#include "common/text_table.hpp"

#include <gtest/gtest.h>

namespace keystone::cli {
namespace {

TEST(TextTable, HasColumnsAsWideAsTheirLongestCell) {
  TextTable table({"A", "LONG", "END"});
  table.add({"1234", "x", ""});
  table.add({"", "longer", "no padding"});
  EXPECT_EQ(table.text(),
            "  A     LONG    END\n"
            "  1234  x       \n"
            "        longer  no padding\n");
}

TEST(TextTable, HasItsHeadWithoutRows) {
  EXPECT_EQ(TextTable({"A", "B"}).text(), "  A  B\n");
}

TEST(TextTableDeathTest, WantsACellForEachColumn) {
  TextTable table({"A", "B"});
  table.add({"one"});
  EXPECT_DEATH((void)table.text(), "bug:");
}

}  // namespace
}  // namespace keystone::cli
