// SPDX-License-Identifier: Apache-2.0
// Stacks, untrusted memory and the order of pages of v0.1 and v0.2, where what comes last counts.
#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_driver_memory_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kStart = 0xffffffffc0000000;   // of runtimes
constexpr std::uint64_t kWindow = 0xffffffffe0000000;  // of untrusted memory
const Bytes kZeros(4096);

class PageWalkDriverMemory : public ::testing::TestWithParam<Profile> {};

INSTANTIATE_TEST_SUITE_P(Old, PageWalkDriverMemory, ::testing::ValuesIn(kDriverProfiles),
                         suite_name);

PageWalkParameters small_stacks(Profile profile) {
  PageWalkParameters parameters = parameters_for(profile);
  parameters.stack_size = 0x1001;
  parameters.runtime_stack = 0x1001;
  return parameters;
}

TEST_P(PageWalkDriverMemory, PutsTheEappsStackBelowTheRuntimeAndTheRuntimesAtTheTop) {
  const TwoFiles files = runtime_of({{.vaddr = kStart + 0x5000, .offset = 0, .filesz = 1},
                                     {.vaddr = kStart + 0x1800, .offset = 0, .filesz = 1},
                                     {.vaddr = 0x5000, .type = 4, .memsz = 1}},
                                    GetParam());
  const auto image = files.lay_out(GetParam(), small_stacks(GetParam()));
  EXPECT_TRUE(maps(image, 0x20000, kStart + 0x1000, {{kStart - 0x1000, kZeros}, {kStart, kZeros}}));
  const auto pages = mapped_pages(image);
  EXPECT_EQ(pages.at(kStart).entry & 0x3ffU, 0xd7U);
  EXPECT_EQ(pages.at(0xffffffffffffe000).entry & 0x3ffU, 0xc7U);
  EXPECT_EQ(pages.at(0xfffffffffffff000).bytes, kZeros);
  EXPECT_EQ(pages.count(0xffffffffffffd000), 0U);
}

TEST_P(PageWalkDriverMemory, MapsNoStackBelowARuntimeThatLeavesNoRoomForIt) {
  const TwoFiles files(plain_eapp(GetParam()),
                       program({{.vaddr = 0x1fff, .offset = 0, .filesz = 1}}, GetParam()));
  PageWalkParameters parameters = small_stacks(GetParam());
  const auto image = files.lay_out(GetParam(), parameters);
  EXPECT_TRUE(maps(image, 0, 0x10000, {{0x1000, mapped_pages(image).at(0x1000).bytes}}));
  parameters.stack_size = 0x1000;
  EXPECT_EQ(mapped_pages(files.lay_out(GetParam(), parameters)).count(0), 1U);
}

TEST_P(PageWalkDriverMemory, PutsTheEappOverItsStackAndUntrustedMemoryOverAll) {
  const Bytes bytes = noise("bytes", 4096);
  const TwoFiles files =
      eapp_of({{.content = bytes, .vaddr = kStart - 0x1000}, {.content = bytes, .vaddr = kWindow}},
              GetParam());
  const auto image = files.lay_out(GetParam(), small_stacks(GetParam()));
  EXPECT_TRUE(
      maps(image, kStart - 0x2000, kStart, {{kStart - 0x2000, kZeros}, {kStart - 0x1000, bytes}}));
  EXPECT_EQ(mapped_pages(image).at(kWindow).physical, image->arguments().utm_base);
}

TEST_P(PageWalkDriverMemory, PutsTheRuntimesStackOverTheRuntime) {
  const Bytes bytes = noise("bytes", 4096);
  const TwoFiles files = runtime_of(
      {{.content = bytes, .vaddr = kStart}, {.content = bytes, .vaddr = 0xffffffffffffe000}},
      GetParam());
  EXPECT_TRUE(maps(files.lay_out(GetParam(), small_stacks(GetParam())), 0xffffffffffffe000,
                   UINT64_MAX, {{0xffffffffffffe000, kZeros}, {0xfffffffffffff000, kZeros}}));
}

// Page 0 is the root; 1, 2 are tables and 3 a page of the runtime; 4 is the table of its stack and
// 5 the stack; 6 and 7 are tables of the eapp's stack in 8; 9 and 10 of the eapp in 11.
TEST_P(PageWalkDriverMemory, TakesPagesOfRuntimeItsStackTheEappsStackAndTheEapp) {
  const TwoFiles files(plain_eapp(GetParam()), plain_runtime(GetParam()));
  PageWalkParameters parameters = parameters_for(GetParam());
  parameters.stack_size = parameters.runtime_stack = 0x1000;
  const auto image = files.lay_out(GetParam(), parameters);
  const auto pages = mapped_pages(image);
  const auto number = [&](std::uint64_t address) {
    return (pages.at(address).physical - image->arguments().epm_base) / 4096;
  };
  EXPECT_EQ(number(kStart), 3U);
  EXPECT_EQ(number(0xfffffffffffff000), 5U);
  EXPECT_EQ(number(kStart - 0x1000), 8U);
  EXPECT_EQ(number(0x10000), 11U);
  EXPECT_EQ(image->arguments().free_base, image->arguments().epm_base + 13 * 4096);
}

}  // namespace
}  // namespace keystone::page_walk_driver_memory_test
