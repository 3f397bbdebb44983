// SPDX-License-Identifier: Apache-2.0
#include "stripped_strings.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone::strip {
namespace {

using namespace keystone::testing;

std::string text_of(const StringTable& table) {
  return {table.bytes.begin(), table.bytes.end()};
}

TEST(MergeStrings, KeepsTheOrderAndWritesEqualStringsOnce) {
  const StringTable table = merge_strings({"two", "one", "two", "", "three"});
  EXPECT_EQ(text_of(table), std::string("\0two\0one\0three\0", 15));
  EXPECT_EQ(table.offsets, (std::vector<std::uint32_t>{1, 5, 1, 0, 9}));
}

TEST(MergeStrings, GivesTheEndOfAnotherStringNoPlaceOfItsOwn) {
  const StringTable table = merge_strings({"name", "e", "rename", "ame", "x"});
  EXPECT_EQ(text_of(table), std::string("\0rename\0x\0", 10));
  EXPECT_EQ(table.offsets, (std::vector<std::uint32_t>{3, 6, 1, 4, 8}));
}

TEST(MergeStrings, DoesNotMergeStartsAndMiddles) {
  EXPECT_EQ(text_of(merge_strings({"abc", "ab", "b"})), std::string("\0abc\0ab\0", 8));
  EXPECT_EQ(text_of(merge_strings({})), std::string("\0", 1));
}

TEST(NameReader, RefusesNamesOutsideTheTableOrWithoutAnEnd) {
  const Bytes table = {0, 'a', 0, 'b'};
  NameReader names(table, 100);
  EXPECT_EQ(names.at(0), std::string_view());
  EXPECT_EQ(names.at(1), std::string_view("a"));
  EXPECT_EQ(names.at(2), std::string_view());
  for (const std::uint32_t wrong : {3U, 4U, UINT32_MAX}) {
    EXPECT_TRUE(fails_with(names.at(wrong), ErrorCode::malformed, "name: got offset"));
  }
}

TEST(NameReader, RefusesMoreThanItsBudget) {
  const Bytes table = {0, 'a', 'b', 'c', 0};
  NameReader names(table, 4);
  EXPECT_TRUE(succeeds(names.at(1)));
  EXPECT_TRUE(fails_with(names.at(2), ErrorCode::limit_exceeded, "names"));
  EXPECT_TRUE(succeeds(names.at(3)));
  EXPECT_TRUE(fails_with(names.at(3), ErrorCode::limit_exceeded, "names"));
}

}  // namespace
}  // namespace keystone::strip
