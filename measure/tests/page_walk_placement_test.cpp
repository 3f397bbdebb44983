// SPDX-License-Identifier: Apache-2.0
// Where an image lies, what it costs, and what is said of it.
#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_placement_test {
namespace {

using namespace keystone::testing;

constexpr auto kV1 = Profile::keystone_v1;
constexpr auto kRv32 = Profile::keystone_v1_rv32;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;

TwoFiles plain_files(Profile profile) {
  return {plain_eapp(profile), plain_runtime(profile)};
}

Result<PageWalkImage> placed(const TwoFiles& files, const PageWalkPlacement& placement,
                             Profile profile = kV1) {
  return files.lay_out(profile, parameters_for(profile), placement);
}

TEST(PageWalkPlacementCheck, PutsUntrustedMemoryBehindPrivateMemory) {
  const TwoFiles files = plain_files(kV1);
  const auto image = files.lay_out(kV1);
  const PageWalkArguments& a = image->arguments();
  EXPECT_EQ(a.epm_base, 0x90000000U);
  EXPECT_EQ(a.utm_base, a.epm_base + a.epm_size);
}

TEST(PageWalkPlacementCheck, IsNotMeasured) {
  for (const ProfileInfo& row : profiles()) {
    if (row.scheme != Scheme::page_walk) {
      continue;
    }
    const TwoFiles files = plain_files(row.profile);
    const auto parameters = parameters_for(row.profile);
    const PageWalkPlacement placements[] = {
        {.epm_base = 0x1000},
        {.epm_base = 0x10000000, .epm_size = 0x4000000},
        {.epm_base = 0x20000000, .utm_base = 0x1000},
        {.epm_base = 0x20002000, .utm_base = 0x20000000},  // just in front
    };
    for (const PageWalkPlacement& placement : placements) {
      EXPECT_EQ(value_of(files.hash(row.profile, parameters, placement)),
                value_of(files.hash(row.profile)));
    }
  }
}

TEST(PageWalkPlacementCheck, MayBeAnywhereOnRv64) {
  const TwoFiles files = plain_files(kV1);
  const auto image = placed(files, {.epm_base = 0xfffffffff0000000});
  ASSERT_TRUE(succeeds(image));
  EXPECT_EQ(measure(*image)->hash.hex(), value_of(files.hash(kV1)));
}

TEST(PageWalkPlacementCheck, MustBeOfWholePages) {
  const TwoFiles files = plain_files(kV1);
  for (const PageWalkPlacement& placement :
       {PageWalkPlacement{.epm_base = 0x90000800}, PageWalkPlacement{.epm_size = 0x100800},
        PageWalkPlacement{.utm_base = 0x80000001}}) {
    EXPECT_TRUE(fails_with(placed(files, placement), ErrorCode::usage, "whole pages"));
  }
}

TEST(PageWalkPlacementCheck, MustKeepTheRegionsApart) {
  const TwoFiles files = plain_files(kV1);
  for (const std::uint64_t utm : {0x8ffff000U, 0x90000000U, 0x90080000U, 0x900ff000U}) {
    EXPECT_TRUE(fails_with(placed(files, {.epm_size = 0x100000, .utm_base = utm}), ErrorCode::usage,
                           "apart"));
  }
  for (const std::uint64_t utm : {0x8fffe000U, 0x90100000U}) {
    EXPECT_TRUE(succeeds(placed(files, {.epm_size = 0x100000, .utm_base = utm})));
  }
}

TEST(PageWalkPlacementCheck, MustEndWithinTheAddressSpace) {
  const TwoFiles files = plain_files(kV1);
  EXPECT_TRUE(fails_with(placed(files, {.epm_base = 0xffffffffffff0000}), ErrorCode::limit_exceeded,
                         "address space"));
  EXPECT_TRUE(fails_with(placed(files, {.epm_size = UINT64_MAX - 4095}), ErrorCode::usage,
                         "address space"));
  EXPECT_TRUE(fails_with(placed(files, {.utm_base = 0xffffffffffffe000}), ErrorCode::usage));
  const TwoFiles narrow = plain_files(kRv32);
  EXPECT_TRUE(succeeds(placed(narrow, {.epm_base = 0xe0000000, .utm_base = 0xffffd000}, kRv32)));
  EXPECT_TRUE(fails_with(placed(narrow, {.utm_base = 0xffffe000}, kRv32), ErrorCode::usage));
  EXPECT_TRUE(fails_with(placed(narrow, {.epm_base = 0x100000000}, kRv32),
                         ErrorCode::limit_exceeded, "address space"));
}

TEST(PageWalkPlacementCheck, MustHoldThePages) {
  const TwoFiles files = plain_files(kV1);  // 14 pages
  EXPECT_TRUE(succeeds(placed(files, {.epm_size = 14 * 4096})));
  for (std::uint64_t pages = 0; pages < 14; ++pages) {
    EXPECT_TRUE(fails_with(placed(files, {.epm_size = pages * 4096}), ErrorCode::limit_exceeded,
                           "none is left"));
  }
}

// --- the limit --------------------------------------------------------------------------------

// A runtime of one page, and an eapp of two whose span has `pages`.
TwoFiles spanning(std::uint64_t pages, Profile profile) {
  return eapp_of({{.content = {1}, .vaddr = 0x10000},
                  {.vaddr = 0x10000 + pages * 4096 - 1, .type = 4, .memsz = 1}},
                 profile);
}

TEST(PageWalkMemoryLimit, CountsAllPrivateMemoryThatTheHostAsksFor) {
  PageWalkParameters parameters = default_parameters(kV1);
  parameters.freemem = 3 * 4096;
  const PageWalkPlacement placement{.max_memory = 100 * 4096};
  const TwoFiles fits = spanning(100 - 15 - 3 - 1, kV1);
  EXPECT_TRUE(succeeds(fits.lay_out(kV1, parameters, placement)));
  const TwoFiles too_large = spanning(100 - 15 - 3, kV1);
  EXPECT_TRUE(fails_with(too_large.lay_out(kV1, parameters, placement), ErrorCode::limit_exceeded,
                         "101 pages, want at most 100"));
  parameters.freemem = UINT64_MAX;
  EXPECT_TRUE(
      fails_with(fits.lay_out(kV1, parameters, placement), ErrorCode::limit_exceeded, "pages"));
}

TEST(PageWalkMemoryLimit, IsByDefault4GiB) {
  for (const Profile profile : {kV1, Profile::pagewalk_v0_3}) {
    EXPECT_TRUE(succeeds(spanning((kGiB - (8U << 20U)) / 1024, profile).lay_out(profile)));
    EXPECT_TRUE(fails_with(spanning(kGiB / 1024, profile).lay_out(profile),
                           ErrorCode::limit_exceeded, "want at most 1048576"));
  }
}

TEST(PageWalkMemoryLimit, CountsStacksOfOldHosts) {
  for (const Profile profile : kDriverProfiles) {
    const TwoFiles files = plain_files(profile);
    PageWalkParameters parameters = parameters_for(profile);
    for (const auto member :
         {&PageWalkParameters::stack_size, &PageWalkParameters::runtime_stack}) {
      const std::uint64_t before = std::exchange(parameters.*member, 4 * kGiB);
      EXPECT_TRUE(fails_with(files.lay_out(profile, parameters), ErrorCode::limit_exceeded));
      parameters.*member = before;
    }
  }
}

TEST(PageWalkMemoryLimit, FitsTheWalksOwn) {
  const TwoFiles files = plain_files(kV1);
  EXPECT_EQ(walk_options(*files.lay_out(kV1)).max_pages, 14U + 2U);
  const auto most = (PageWalkPlacement().max_memory + (4U << 20U)) / 4096;
  EXPECT_GE(walk_options(kV1).max_pages, most);
}

// --- warnings ---------------------------------------------------------------------------------

TEST(PageWalkWarnings, AreNoneForFilesThatFit) {
  for (const Profile profile : kSdkProfiles) {
    const TwoFiles files = plain_files(profile);
    EXPECT_TRUE(files.lay_out(profile)->warnings().empty());
  }
}

TEST(PageWalkWarnings, NameAFileForAnotherMachine) {
  ElfSpec foreign = plain_program({1});
  foreign.machine = 62;  // EM_X86_64
  const TwoFiles files(build_elf(foreign), plain_runtime(kV1));
  const auto image = files.lay_out(kV1);
  ASSERT_TRUE(succeeds(image));
  ASSERT_EQ(image->warnings().size(), 1U);
  EXPECT_EQ(image->warnings()[0].rfind("eapp: an ELF file for machine 62", 0), 0U);
}

TEST(PageWalkWarnings, NameAFileOfTheOtherClass) {
  const TwoFiles files(plain_eapp(kV1), plain_runtime(kRv32));
  const auto image = files.lay_out(kV1);
  ASSERT_TRUE(succeeds(image));
  ASSERT_EQ(image->warnings().size(), 1U);
  EXPECT_EQ(image->warnings()[0].rfind("runtime: a 32-bit program", 0), 0U);
}

TEST(PageWalkWarnings, SayThatOldMonitorsDoNotClearUntrustedMemory) {
  for (const Profile profile : kDriverProfiles) {
    const TwoFiles files = plain_files(profile);
    const auto image = files.lay_out(profile);
    ASSERT_TRUE(succeeds(image));
    ASSERT_EQ(image->warnings().size(), 1U);
    EXPECT_NE(image->warnings()[0].find("untrusted"), std::string::npos);
  }
}

}  // namespace
}  // namespace keystone::page_walk_placement_test
