// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/suggest.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

constexpr std::string_view kProfiles[] = {"keystone-loader-rv64", "keystone-loader-rv32",
                                          "rust-sdk-0.3"};

TEST(SuggestNames, NamesTheNearOnes) {
  EXPECT_EQ(suggest_names("keystone-loader-rv46", kProfiles),
            "did you mean keystone-loader-rv64 or keystone-loader-rv32?");
  EXPECT_EQ(suggest_names("rust-skd-0.3", kProfiles), "did you mean rust-sdk-0.3?");
}

TEST(SuggestNames, CountsEveryKindOfEdit) {
  constexpr std::string_view kNames[] = {"loader"};
  for (const std::string_view got : {"loadr", "loaader", "loaber", "oader", "loaders"}) {
    EXPECT_EQ(suggest_names(got, kNames), "did you mean loader?") << got;
  }
}

TEST(SuggestNames, DrawsTheLineAtAThirdOfTheLength) {
  constexpr std::string_view kNames[] = {"abcdef"};
  EXPECT_EQ(suggest_names("abcdXY", kNames), "did you mean abcdef?");
  EXPECT_EQ(suggest_names("abcXYZ", kNames), "one of abcdef");
}

TEST(SuggestNames, TakesAPartOfAName) {
  EXPECT_EQ(suggest_names("rust", kProfiles), "did you mean rust-sdk-0.3?");
}

TEST(SuggestNames, TakesNoPartShorterThanThreeLetters) {
  constexpr std::string_view kNames[] = {"generic", "fu540"};
  EXPECT_EQ(suggest_names("ge", kNames), "one of generic, fu540");
}

TEST(SuggestNames, ListsAllWhenNoneIsNear) {
  constexpr auto kAll = "one of keystone-loader-rv64, keystone-loader-rv32, rust-sdk-0.3";
  EXPECT_EQ(suggest_names("sgx", kProfiles), kAll);
  EXPECT_EQ(suggest_names("", kProfiles), kAll);
}

TEST(SuggestNames, DoesNotCompareAHostileLength) {
  const std::string known(64, 'n');
  const std::string_view names[] = {known};
  EXPECT_EQ(suggest_names(known, names), "did you mean " + known + "?");
  EXPECT_EQ(suggest_names(known + "n", names), "one of " + known);
  EXPECT_EQ(suggest_names(std::string(1'000'000, 'n'), names), "one of " + known);
}

TEST(SuggestNames, SaysNothingWhereNothingIsKnown) {
  EXPECT_EQ(suggest_names("anything", {}), "");
}

}  // namespace
}  // namespace keystone
