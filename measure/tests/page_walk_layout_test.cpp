// SPDX-License-Identifier: Apache-2.0
// Sizes, spans, parameters and places: what a host computes before it maps anything.
#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_layout_test {
namespace {

using namespace keystone::testing;

constexpr auto kV1 = Profile::keystone_v1;
constexpr auto kRv32 = Profile::keystone_v1_rv32;
constexpr auto kV03 = Profile::pagewalk_v0_3;
constexpr auto kV02 = Profile::pagewalk_v0_2;
constexpr auto kV01 = Profile::pagewalk_v0_1;
constexpr std::uint64_t kNote = 4;

TwoFiles plain_files(Profile profile) {
  return {plain_eapp(profile), plain_runtime(profile)};
}

// The image's sizes when one parameter is changed.
Result<PageWalkArguments> arguments_with(Profile profile, std::uint64_t PageWalkParameters::*member,
                                         std::uint64_t value) {
  PageWalkParameters parameters = parameters_for(profile);
  parameters.*member = value;
  const TwoFiles files = plain_files(profile);
  KEYSTONE_TRY(const auto image, files.lay_out(profile, parameters));
  return image.arguments();
}

// --- sizes ------------------------------------------------------------------------------------

TEST(PageWalkSizes, RoundPrivateMemoryUpToAPowerOfTwoOfPages) {
  const auto pages = [](std::uint64_t freemem) {
    return arguments_with(kV1, &PageWalkParameters::freemem, freemem)->epm_size / 4096;
  };
  EXPECT_EQ(pages(0), 32U);  // a page of each file, and 15
  EXPECT_EQ(pages(15 * 4096), 32U);
  EXPECT_EQ(pages(15 * 4096 + 1), 64U);
  EXPECT_EQ(pages((1024 - 17) * 4096), 1024U);
}

TEST(PageWalkSizes, TakeNoMoreThanNeededAbove1024Pages) {
  for (const Profile profile : kSdkProfiles) {
    EXPECT_EQ(
        arguments_with(profile, &PageWalkParameters::freemem, (1025 - 17) * 4096)->epm_size / 4096,
        1025U);
  }
}

TEST(PageWalkSizes, CountTheSpansOfTheFilesNotTheFiles) {
  const TwoFiles files = eapp_of({{.content = {1}, .vaddr = 0x10000},
                                  {.vaddr = 0x10000 + 900 * 4096 - 1, .type = kNote, .memsz = 1}},
                                 kV1);
  PageWalkParameters parameters = default_parameters(kV1);
  parameters.freemem = 0;
  EXPECT_EQ(files.lay_out(kV1, parameters)->arguments().epm_size / 4096, 1024U);
}

TEST(PageWalkSizes, DoNotCountTheStack) {
  PageWalkParameters parameters = default_parameters(kV1);
  parameters.freemem = 0;
  parameters.stack_size = 16 * 4096;  // 8 tables and pages before it, 2 tables behind it
  const TwoFiles files = plain_files(kV1);
  EXPECT_EQ(files.lay_out(kV1, parameters)->arguments().epm_size / 4096, 32U);
  parameters.stack_size = 22 * 4096;
  EXPECT_TRUE(succeeds(files.lay_out(kV1, parameters)));
  parameters.stack_size = 23 * 4096;
  EXPECT_TRUE(
      fails_with(files.lay_out(kV1, parameters), ErrorCode::limit_exceeded, "none is left"));
}

TEST(PageWalkSizes, OfOldDriversCountFilesAndStacks) {
  for (const Profile profile : kDriverProfiles) {
    PageWalkParameters parameters = parameters_for(profile);
    parameters.stack_size = 4097;
    parameters.runtime_stack = 1;
    const TwoFiles files(program({{.content = noise("eapp", 7 * 4096), .vaddr = 0x10000}}, profile),
                         plain_runtime(profile));
    // Files of 8 and 2 pages, stacks of 2 and 1, and 15.
    EXPECT_EQ(files.lay_out(profile, parameters)->arguments().epm_size / 4096, 32U);
    parameters.stack_size = 6 * 4096;
    EXPECT_EQ(files.lay_out(profile, parameters)->arguments().epm_size / 4096, 32U);
    parameters.stack_size = 7 * 4096;
    EXPECT_EQ(files.lay_out(profile, parameters)->arguments().epm_size / 4096, 64U);
  }
}

TEST(PageWalkSizes, OfV01EndAt1024Pages) {
  const std::uint64_t most = 1024 - 15 - 2 - 2;  // beside two files of two pages each
  EXPECT_EQ(arguments_with(kV01, &PageWalkParameters::stack_size, (most - 4) * 4096)->epm_size,
            1024U * 4096);
  EXPECT_TRUE(fails_with(arguments_with(kV01, &PageWalkParameters::stack_size, (most - 3) * 4096),
                         ErrorCode::malformed, "1024"));
  EXPECT_EQ(arguments_with(kV02, &PageWalkParameters::stack_size, most * 4096)->epm_size,
            2048U * 4096);
}

TEST(PageWalkSizes, OfUntrustedMemoryArePowersOfTwoOfPages) {
  const auto pages = [](std::uint64_t size) {
    return arguments_with(kV1, &PageWalkParameters::untrusted_size, size)->utm_size / 4096;
  };
  EXPECT_EQ(pages(1), 1U);
  EXPECT_EQ(pages(4096), 1U);
  EXPECT_EQ(pages(4097), 2U);
  EXPECT_EQ(pages(3 * 4096), 4U);
  EXPECT_EQ(pages(4 << 20U), 1024U);
}

TEST(PageWalkSizes, OfFreeMemoryAreNotMeasured) {
  for (const Profile profile : kSdkProfiles) {
    const TwoFiles files = plain_files(profile);
    PageWalkParameters parameters = default_parameters(profile);
    for (const std::uint64_t freemem : {0U, 1U, 0x4000000U}) {
      parameters.freemem = freemem;
      EXPECT_EQ(value_of(files.hash(profile, parameters)), value_of(files.hash(profile)));
    }
  }
}

// --- spans ------------------------------------------------------------------------------------

// As many bytes as there are from there to the end of the address space.
std::uint64_t to_the_top(std::uint64_t from, Profile profile) {
  const std::uint64_t end = info(profile).word == Word::bits64 ? 0 : 0x100000000;
  return end - from;
}

TEST(PageWalkSpan, MustStartOnAPage) {
  for (const Profile profile : kSdkProfiles) {
    EXPECT_TRUE(fails_with(eapp_of({{.content = {1}, .vaddr = 0x10010}}, profile).lay_out(profile),
                           ErrorCode::malformed, {"eapp: the host refuses", "0x10010"}));
    EXPECT_TRUE(fails_with(
        eapp_of({{.content = {1}, .vaddr = 0x10000}, {.vaddr = 0xf100, .type = kNote, .memsz = 1}},
                profile)
            .lay_out(profile),
        ErrorCode::malformed, "0xf100"));
    EXPECT_TRUE(succeeds(eapp_of({{.content = {1}, .vaddr = 0x10000},
                                  {.vaddr = 0xf100, .type = kNote, .memsz = 0},
                                  {.vaddr = 0x11001, .type = kNote, .memsz = 1}},
                                 profile)
                             .lay_out(profile)));
  }
}

TEST(PageWalkSpan, MustTakeMemory) {
  for (const Profile profile : kSdkProfiles) {
    EXPECT_TRUE(fails_with(
        runtime_of({{.content = {1}, .vaddr = runtime_address(profile), .memsz = 0}}, profile)
            .lay_out(profile),
        ErrorCode::malformed, {"runtime: the host refuses", "no segment"}));
  }
}

TEST(PageWalkSpan, IsNotRaisedByAnEndThatWraps) {
  for (const Profile profile : kSdkProfiles) {
    const TwoFiles plain = eapp_of({{.content = {1}, .vaddr = 0x10000}}, profile);
    const TwoFiles files =
        eapp_of({{.content = {1}, .vaddr = 0x10000},
                 {.vaddr = 0x20000, .type = kNote, .memsz = to_the_top(0x20000, profile)}},
                profile);
    EXPECT_EQ(files.lay_out(profile)->arguments().epm_size,
              plain.lay_out(profile)->arguments().epm_size);
    EXPECT_EQ(value_of(files.hash(profile)), value_of(plain.hash(profile)));
  }
}

TEST(PageWalkSpan, ThatEndsBelowItsStartIsUndefined) {
  const auto wrapping = [](Profile profile) {
    return eapp_of({{.content = {1}, .vaddr = 0x10000, .memsz = to_the_top(0x8000, profile)}},
                   profile)
        .lay_out(profile);
  };
  EXPECT_TRUE(fails_with(wrapping(kV1), ErrorCode::malformed, "wrap around"));
  EXPECT_TRUE(fails_with(wrapping(kV03), ErrorCode::malformed, "wrap around"));
  EXPECT_TRUE(fails_with(wrapping(kRv32), ErrorCode::malformed, {"wrap around", "code 100008)"}));
}

TEST(PageWalkSpan, MustHaveAPageAtItsStartInV03) {
  const TwoFiles files = eapp_of(
      {{.vaddr = 0xf000, .type = kNote, .memsz = 1}, {.content = {1}, .vaddr = 0x10000}}, kV03);
  EXPECT_TRUE(
      fails_with(files.lay_out(kV03), ErrorCode::malformed, {"eapp: ", "0xf000", "code 8)"}));
  EXPECT_TRUE(succeeds(files.hash(kV1)));
}

TEST(PageWalkSpan, StartsTheEappWhereItsLowestPageLiesInV03) {
  const Bytes bytes = noise("bytes", 4096);
  const TwoFiles files =
      eapp_of({{.content = bytes, .vaddr = 0x12000}, {.content = bytes, .vaddr = 0x10000}}, kV03);
  const auto image = files.lay_out(kV03);
  EXPECT_EQ(image->arguments().user_base, mapped_pages(image).at(0x10000).physical);
  // The other page now belongs to the runtime, as it seems, whose own lie at higher addresses.
  EXPECT_TRUE(fails_with(measure(*image), ErrorCode::malformed, "code 15)"));
}

// --- parameters -------------------------------------------------------------------------------

TEST(PageWalkParameterCheck, RefusesUntrustedSizesThatTheDriverRefuses) {
  for (const ProfileInfo& row : profiles()) {
    if (row.scheme != Scheme::page_walk) {
      continue;
    }
    for (const std::uint64_t size :
         {std::uint64_t{0}, std::uint64_t{(4U << 20U) + 1}, UINT64_MAX}) {
      EXPECT_TRUE(fails_with(arguments_with(row.profile, &PageWalkParameters::untrusted_size, size),
                             ErrorCode::usage, "untrusted size"));
    }
  }
}

TEST(PageWalkParameterCheck, RefusesNumbersThatAreNoWordsOfRv32) {
  for (const auto member : {&PageWalkParameters::untrusted_ptr, &PageWalkParameters::stack_size,
                            &PageWalkParameters::freemem}) {
    EXPECT_TRUE(
        fails_with(arguments_with(kRv32, member, 0x100000000), ErrorCode::usage, "32 bits"));
  }
  EXPECT_TRUE(succeeds(arguments_with(kRv32, &PageWalkParameters::untrusted_ptr, 0xfffff000)));
  EXPECT_TRUE(succeeds(arguments_with(kV1, &PageWalkParameters::untrusted_ptr, 0x100000000)));
}

TEST(PageWalkParameterCheck, RefusesWhatTheHostTakesFromTheFiles) {
  for (const Profile profile : kSdkProfiles) {
    const TwoFiles files = plain_files(profile);
    PageWalkParameters parameters = default_parameters(profile);
    parameters.user_entry = 0;
    EXPECT_TRUE(fails_with(files.lay_out(profile, parameters), ErrorCode::usage, "entry"));
    EXPECT_TRUE(fails_with(arguments_with(profile, &PageWalkParameters::runtime_entry, 1),
                           ErrorCode::usage, "entry"));
    EXPECT_TRUE(fails_with(arguments_with(profile, &PageWalkParameters::runtime_stack, 1),
                           ErrorCode::usage, "runtime stack"));
  }
}

TEST(PageWalkParameterCheck, AsksForWhatAnOldHostIsTold) {
  for (const Profile profile : kDriverProfiles) {
    const TwoFiles files = plain_files(profile);
    EXPECT_TRUE(fails_with(files.lay_out(profile, default_parameters(profile)), ErrorCode::usage,
                           "user entry"));
    EXPECT_TRUE(fails_with(arguments_with(profile, &PageWalkParameters::freemem, 1),
                           ErrorCode::usage, "free memory"));
  }
}

}  // namespace
}  // namespace keystone::page_walk_layout_test
