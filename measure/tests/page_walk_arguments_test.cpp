// SPDX-License-Identifier: Apache-2.0
// The create call's arguments as a monitor of v0.3 and later checks them; each refusal beside what
// it just takes.
#include "page_walk_memory.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace keystone::page_walk_arguments_test {
namespace {

using namespace keystone::testing;
using Enclave = HandMadeEnclave;

constexpr auto kEpm = Enclave::epm;

HashOrRefusal with_arguments(const std::function<void(PageWalkArguments&)>& change,
                             Word word = Word::bits64) {
  Enclave enclave(word);
  change(enclave.arguments);
  return enclave.measure();
}

::testing::AssertionResult refuses_arguments(const HashOrRefusal& answer, std::string_view fact) {
  return refuses(answer, SmRefusal::Kind::bad_arguments, fact);
}

TEST(PageWalkArgumentsCheck, RefusesAnEmptyRegion) {
  EXPECT_TRUE(refuses_arguments(with_arguments([](auto& a) { a.epm_size = 0; }), "private"));
  EXPECT_TRUE(refuses_arguments(with_arguments([](auto& a) { a.utm_size = 0; }), "untrusted"));
}

TEST(PageWalkArgumentsCheck, RefusesARegionThatReachesTheEndOfTheAddressSpace) {
  EXPECT_TRUE(
      refuses_arguments(with_arguments([](auto& a) { a.epm_size = 0 - a.epm_base; }), "private"));
  EXPECT_TRUE(
      refuses_arguments(with_arguments([](auto& a) { a.epm_size = UINT64_MAX; }), "private"));
  EXPECT_TRUE(
      refuses_arguments(with_arguments([](auto& a) { a.utm_size = 0 - a.utm_base; }), "untrusted"));
  EXPECT_TRUE(takes(with_arguments([](auto& a) { a.utm_size = 0 - a.utm_base - 1; })));
}

TEST(PageWalkArgumentsCheck, KnowsTheSmallerAddressSpaceOfRv32) {
  const auto big_epm = [](auto& a) { a.epm_size = 0x100000000 - a.epm_base; };
  EXPECT_TRUE(refuses_arguments(with_arguments(big_epm, Word::bits32), "private"));
  EXPECT_TRUE(takes(with_arguments(big_epm)));
  const auto big_utm = [](auto& a) { a.utm_size = 0x100000000 - a.utm_base; };
  EXPECT_TRUE(refuses_arguments(with_arguments(big_utm, Word::bits32), "untrusted"));
  EXPECT_TRUE(takes(with_arguments(big_utm)));
}

TEST(PageWalkArgumentsCheck, RefusesABoundaryOutsidePrivateMemory) {
  for (const auto member : {&PageWalkArguments::runtime_base, &PageWalkArguments::user_base,
                            &PageWalkArguments::free_base}) {
    EXPECT_TRUE(
        refuses_arguments(with_arguments([&](auto& a) { a.*member = kEpm(0) - 1; }), "outside"));
    EXPECT_TRUE(
        refuses_arguments(with_arguments([&](auto& a) { a.*member = kEpm(32) + 1; }), "outside"));
  }
}

TEST(PageWalkArgumentsCheck, TakesTheEndOfPrivateMemoryForTheFreeBaseAlone) {
  EXPECT_TRUE(takes(with_arguments([](auto& a) { a.free_base = kEpm(32); })));
  EXPECT_TRUE(refuses_arguments(with_arguments([](auto& a) {
                                  a.user_base = kEpm(32);
                                  a.free_base = kEpm(32);
                                }),
                                "outside"));
  EXPECT_TRUE(refuses_arguments(with_arguments([](auto& a) {
                                  a.runtime_base = kEpm(32);
                                  a.user_base = kEpm(32);
                                  a.free_base = kEpm(32);
                                }),
                                "outside"));
}

TEST(PageWalkArgumentsCheck, RefusesBoundariesOutOfOrder) {
  EXPECT_TRUE(refuses_arguments(with_arguments([](auto& a) { a.runtime_base = a.user_base + 1; }),
                                "order"));
  EXPECT_TRUE(
      refuses_arguments(with_arguments([](auto& a) { a.user_base = a.free_base + 1; }), "order"));
}

TEST(PageWalkArgumentsCheck, TakesAnEmptyRuntimeAndAnEmptyEapp) {
  EXPECT_TRUE(takes(with_arguments([](auto& a) { a.runtime_base = a.user_base; })));
  EXPECT_TRUE(takes(with_arguments([](auto& a) { a.user_base = a.free_base; })));
  EXPECT_TRUE(
      takes(with_arguments([](auto& a) { a.runtime_base = a.user_base = a.free_base = kEpm(0); })));
}

TEST(PageWalkArgumentsCheck, ComesBeforeThatOfTheMappings) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(31)});
  enclave.arguments.epm_size = 0;
  EXPECT_TRUE(refuses_arguments(enclave.measure(), "private"));
}

}  // namespace
}  // namespace keystone::page_walk_arguments_test
