// SPDX-License-Identifier: Apache-2.0
#include "explain_support.hpp"
#include "keystone/measure/diff.hpp"

#include <gtest/gtest.h>

namespace keystone::diff_functions_test {
namespace {

using namespace keystone::testing;
using Kind = Difference::Kind;
using Lines = std::vector<std::string>;

constexpr auto kRv64 = Profile::keystone_loader_rv64;

// An enclave with these functions in its eapp, named in that order.
Explanation with_functions(const std::vector<SymbolSpec>& symbols) {
  ElfSpec eapp = program_at(0x10000, noise("text", 4000));
  eapp.add_symbols(symbols);
  return explained({build_elf(eapp), {}, {}}, kRv64);
}

Lines function_lines(const Explanation& left, const Explanation& right) {
  Lines lines;
  for (const Difference& difference : compare(left, right).list) {
    if (difference.kind == Kind::function) {
      lines.push_back(difference.place + (difference.left.empty() ? " is new" : "") +
                      (difference.right.empty() ? " is gone" : ""));
    }
  }
  return lines;
}

TEST(CompareFunctions, FindsFunctionsThatOnlyOneHas) {
  EXPECT_EQ(function_lines(with_functions({{.name = "a", .value = 0x10000, .size = 10},
                                           {.name = "b", .value = 0x10010, .size = 10}}),
                           with_functions({{.name = "b", .value = 0x10010, .size = 10},
                                           {.name = "c", .value = 0x10000, .size = 10}})),
            (Lines{"eapp a is gone", "eapp c is new"}));
}

TEST(CompareFunctions, FindsAFunctionOfAnotherSize) {
  EXPECT_EQ(function_lines(with_functions({{.name = "a", .value = 0x10000, .size = 10}}),
                           with_functions({{.name = "a", .value = 0x10000, .size = 11}})),
            Lines{"eapp a"});
}

TEST(CompareFunctions, MatchesFunctionsOfOneNameInTheirOrder) {
  const SymbolSpec first{.name = "f", .value = 0x10000, .size = 10};
  const SymbolSpec second{.name = "f", .value = 0x10100, .size = 20};
  const SymbolSpec third{.name = "f", .value = 0x10200, .size = 30};
  EXPECT_EQ(function_lines(with_functions({first, second}), with_functions({second, first})),
            Lines());
  EXPECT_EQ(function_lines(with_functions({first, second, third}), with_functions({first, third})),
            (Lines{"eapp f (2)", "eapp f (3) is gone"}));
}

TEST(CompareFunctions, FindsNoFunctionThatOnlyMoved) {
  ElfSpec lower = program_at(0x10000, noise("text", 100));
  ElfSpec higher = program_at(0x20000, noise("text", 100));
  lower.add_symbols({{.name = "a", .value = 0x10004, .size = 10}});
  higher.add_symbols({{.name = "a", .value = 0x20004, .size = 10}});
  EXPECT_EQ(function_lines(explained({build_elf(lower), {}, {}}, kRv64),
                           explained({build_elf(higher), {}, {}}, kRv64)),
            Lines());
}

TEST(CompareFunctions, KeepsFunctionsOfDifferentFilesApart) {
  ElfSpec program = program_at(0x10000, noise("text", 100));
  program.add_symbols({{.name = "a", .value = 0x10004, .size = 10}});
  const Bytes file = build_elf(program);
  EXPECT_EQ(function_lines(explained({file, {}, {}}, kRv64), explained({{}, file, {}}, kRv64)),
            (Lines{"runtime a is new", "eapp a is gone"}));
}

}  // namespace
}  // namespace keystone::diff_functions_test
