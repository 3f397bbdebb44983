// SPDX-License-Identifier: Apache-2.0
// Two contents for one page: the first or the last counts, by host. Stacks and untrusted pages
// never do (v0.3 and later).
#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_overlap_test {
namespace {

using namespace keystone::testing;

constexpr Profile kKeeping[] = {Profile::keystone_v1, Profile::keystone_v1_rv32};
constexpr Profile kOverwriting = Profile::pagewalk_v0_3;
constexpr std::uint64_t kStackTop = 0x40000000;
const Bytes kZeros(4096);

// A page of one segment, then a segment of 16 bytes at its end that goes on for a page.
std::vector<SegmentSpec> sharing_a_page() {
  return {{.content = noise("first", 3000), .vaddr = 0x10000},
          {.content = noise("second", 16 + 100), .vaddr = 0x10ff0}};
}

TEST(PageWalkOverlap, KeepsTheFirstContentsFromV04On) {
  for (const Profile profile : kKeeping) {
    const TwoFiles files = eapp_of(sharing_a_page(), profile);
    EXPECT_TRUE(maps_eapp(files.lay_out(profile),
                          {{0x10000, page_of(noise("first", 3000))},
                           {0x11000, page_of(slice(noise("second", 116), 16, 100))}}));
  }
}

TEST(PageWalkOverlap, KeepsTheLastContentsInV03) {
  const TwoFiles files = eapp_of(sharing_a_page(), kOverwriting);
  EXPECT_TRUE(maps_eapp(files.lay_out(kOverwriting),
                        {{0x10000, page_of(slice(noise("second", 116), 0, 16), 0xff0)},
                         {0x11000, page_of(slice(noise("second", 116), 16, 100))}}));
}

TEST(PageWalkOverlap, IsWarnedOfWhereBytesAreLost) {
  for (const Profile profile : kSdkProfiles) {
    const auto image = eapp_of(sharing_a_page(), profile).lay_out(profile);
    ASSERT_EQ(image->warnings().size(), 1U);
    const std::string want =
        profile == kOverwriting ? "only what the last put" : "only what the first put";
    EXPECT_EQ(image->warnings()[0].rfind("eapp: a segment lies on a page", 0), 0U);
    EXPECT_NE(image->warnings()[0].find(want), std::string::npos) << image->warnings()[0];
  }
  // Zeros on a page that is there already change nothing where the first contents stay.
  const std::vector<SegmentSpec> zeros_last = {{.content = noise("bytes", 4096), .vaddr = 0x10000},
                                               {.vaddr = 0x10000, .memsz = 4096}};
  for (const Profile profile : kKeeping) {
    EXPECT_TRUE(eapp_of(zeros_last, profile).lay_out(profile)->warnings().empty());
  }
  EXPECT_EQ(eapp_of(zeros_last, kOverwriting).lay_out(kOverwriting)->warnings().size(), 1U);
}

TEST(PageWalkOverlap, CountsZerosOfASegmentAsContents) {
  const Bytes bytes = noise("bytes", 4096);
  const std::vector<SegmentSpec> zeros_last = {{.content = bytes, .vaddr = 0x10000},
                                               {.vaddr = 0x10000, .memsz = 4096}};
  const std::vector<SegmentSpec> zeros_first = {{.vaddr = 0x10000, .memsz = 4096},
                                                {.content = bytes, .vaddr = 0x10000}};
  for (const Profile profile : kKeeping) {
    EXPECT_TRUE(maps_eapp(eapp_of(zeros_last, profile).lay_out(profile), {{0x10000, bytes}}));
    EXPECT_TRUE(maps_eapp(eapp_of(zeros_first, profile).lay_out(profile), {{0x10000, kZeros}}));
  }
  EXPECT_TRUE(
      maps_eapp(eapp_of(zeros_last, kOverwriting).lay_out(kOverwriting), {{0x10000, kZeros}}));
  EXPECT_TRUE(
      maps_eapp(eapp_of(zeros_first, kOverwriting).lay_out(kOverwriting), {{0x10000, bytes}}));
}

TEST(PageWalkOverlap, TakesNoSecondPhysicalPage) {
  for (const Profile profile : kSdkProfiles) {
    const Bytes bytes = noise("bytes", 4096);
    const std::vector<SegmentSpec> once = {{.content = bytes, .vaddr = 0x10000}};
    const std::vector<SegmentSpec> thrice = {{.content = bytes, .vaddr = 0x10000},
                                             {.content = bytes, .vaddr = 0x10000},
                                             {.content = bytes, .vaddr = 0x10000}};
    EXPECT_EQ(eapp_of(once, profile).lay_out(profile)->arguments().free_base,
              eapp_of(thrice, profile).lay_out(profile)->arguments().free_base);
  }
}

TEST(PageWalkOverlap, TakesAddressesThatAgreeIn39BitsAsOne) {
  const Bytes bytes = noise("bytes", 4096);
  const std::uint64_t alias =
      0x5a0000000000 + runtime_address(Profile::keystone_v1) % (1ULL << 39U);
  const TwoFiles files = eapp_of({{.content = bytes, .vaddr = alias}}, Profile::keystone_v1);
  const auto image = files.lay_out(Profile::keystone_v1);
  EXPECT_TRUE(
      maps(image, 0xffffffffc0000000, UINT64_MAX, {{0xffffffffc0000000, noise("runtime", 4096)}}));
}

// --- stacks -----------------------------------------------------------------------------------

// An eapp of whole pages from `address` on.
TwoFiles eapp_at(std::uint64_t address, std::size_t pages, Profile profile) {
  return eapp_of({{.content = noise("eapp", pages * 4096), .vaddr = address}}, profile);
}

std::uint64_t stack_start(Profile profile) {
  return kStackTop - default_parameters(profile).stack_size;
}

TEST(PageWalkStack, LeavesTheEappsPagesWhereItReachesIntoTheStack) {
  for (const Profile profile : kSdkProfiles) {
    const TwoFiles files = eapp_at(stack_start(profile) - 0x1000, 2, profile);
    const Bytes bytes = noise("eapp", 8192);
    Contents want = {{stack_start(profile) - 0x1000, slice(bytes, 0, 4096)},
                     {stack_start(profile), slice(bytes, 4096, 4096)}};
    for (std::uint64_t at = stack_start(profile) + 0x1000; at < kStackTop; at += 0x1000) {
      want[at] = kZeros;
    }
    EXPECT_TRUE(maps(files.lay_out(profile), 0, kStackTop, want));
    EXPECT_TRUE(succeeds(files.hash(profile)));
  }
}

TEST(PageWalkStack, MayBeAllTheEapps) {
  for (const Profile profile : kSdkProfiles) {
    const auto pages = static_cast<std::size_t>(default_parameters(profile).stack_size / 4096);
    EXPECT_TRUE(succeeds(eapp_at(stack_start(profile), 1, profile).hash(profile)));
    EXPECT_TRUE(succeeds(eapp_at(stack_start(profile), pages, profile).hash(profile)));
  }
}

TEST(PageWalkStack, MustNotLieBelowAPageOfTheEapp) {
  for (const Profile profile : kSdkProfiles) {
    const std::string code = profile == kOverwriting ? "code 15)" : "code 100015)";
    for (const std::uint64_t address : {stack_start(profile) + 0x1000, kStackTop - 0x1000,
                                        kStackTop, std::uint64_t{0x50000000}}) {
      EXPECT_TRUE(fails_with(eapp_at(address, 1, profile).hash(profile), ErrorCode::malformed,
                             {code, "ascend"}));
    }
  }
}

TEST(PageWalkStack, IsWholePagesUpToItsTop) {
  for (const Profile profile : kSdkProfiles) {
    for (const std::uint64_t size : {0U, 1U, 4096U, 4097U, 40000U}) {
      PageWalkParameters parameters = default_parameters(profile);
      parameters.stack_size = size;
      const TwoFiles files = eapp_at(kEappAddress, 1, profile);
      Contents want;
      for (std::uint64_t at = kStackTop - (size + 4095) / 4096 * 4096; at < kStackTop;
           at += 0x1000) {
        want[at] = kZeros;
      }
      EXPECT_TRUE(maps(files.lay_out(profile, parameters), 0x3f000000, kStackTop, want)) << size;
    }
  }
}

TEST(PageWalkStack, CountsInTheHash) {
  const TwoFiles files = eapp_at(kEappAddress, 1, Profile::keystone_v1);
  PageWalkParameters none = default_parameters(Profile::keystone_v1);
  none.stack_size = 0;
  EXPECT_NE(value_of(files.hash(Profile::keystone_v1, none)),
            value_of(files.hash(Profile::keystone_v1)));
}

TEST(PageWalkStack, OfMoreThanThereIsMemoryForIsAnError) {
  for (const Profile profile : kSdkProfiles) {
    PageWalkParameters parameters = default_parameters(profile);
    const TwoFiles files = eapp_at(kEappAddress, 1, profile);
    for (const std::uint64_t size : {0x4000000ULL, 0xfffffffeULL}) {
      parameters.stack_size = size;
      EXPECT_TRUE(fails_with(files.lay_out(profile, parameters), ErrorCode::limit_exceeded,
                             "none is left"));
    }
  }
}

}  // namespace
}  // namespace keystone::page_walk_overlap_test
