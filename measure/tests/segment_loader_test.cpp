// SPDX-License-Identifier: Apache-2.0
// What the loader notes of each page, and what it may cost. Which bytes go where is the matter of
// page_walk_loader_test.cpp and page_walk_driver_test.cpp.
#include "segment_loader.hpp"

#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::segment_loader_test {
namespace {

using namespace keystone::testing;

constexpr auto kV1 = Profile::keystone_v1;

// Loads an eapp into a private memory of 64 pages; answers what is left of `budget`.
Result<std::uint64_t> load(const Bytes& file, Profile profile, std::uint64_t budget) {
  const PageWalkRules& rules = rules_of(profile);
  const Paging& paging = paging_of(info(profile).word);
  EnclavePages pages(paging, {0x10000, 64 * kPageSize}, {0x400000, kPageSize});
  KEYSTONE_TRY(auto mapper, PageMapper::create(paging, rules.entries, pages));
  const ArraySource source(file);
  KEYSTONE_TRY(const auto elf, read_host_elf(source, rules.elf));
  SegmentLoader loader(rules, paging, mapper, budget);
  KEYSTONE_CHECK_OK(loader.load(elf, source, PageRole::eapp));
  return budget;
}

TEST(SegmentLoader, CountsThePagesThatItTouches) {
  for (const Profile profile : {kV1, Profile::pagewalk_v0_3, Profile::pagewalk_v0_1}) {
    const Bytes file = program({{.content = noise("a", 3 * 4096), .vaddr = 0x10000}}, profile);
    EXPECT_EQ(load(file, profile, 10).value(), 7U);
    EXPECT_EQ(load(file, profile, 3).value(), 0U);
    EXPECT_TRUE(fails_with(load(file, profile, 2), ErrorCode::limit_exceeded, "mapped memory"));
  }
}

TEST(SegmentLoader, CountsAPageEachTimeItTouchesIt) {
  const std::vector<SegmentSpec> segments(
      5, SegmentSpec{.content = noise("a", 4096), .vaddr = 0x10000});
  for (const Profile profile : {kV1, Profile::pagewalk_v0_3, Profile::pagewalk_v0_1}) {
    EXPECT_EQ(load(program(segments, profile), profile, 10).value(), 5U);
    EXPECT_TRUE(
        fails_with(load(program(segments, profile), profile, 4), ErrorCode::limit_exceeded));
  }
}

TEST(SegmentLoader, CountsZeros) {
  const Bytes file = program({{.vaddr = 0x10000, .memsz = 3 * 4096}}, kV1);
  EXPECT_EQ(load(file, kV1, 10).value(), 7U);
  EXPECT_TRUE(fails_with(load(file, kV1, 2), ErrorCode::limit_exceeded));
}

TEST(SegmentLoader, EndsWhenNoPageIsLeft) {
  const Bytes file = program({{.vaddr = 0x10000, .memsz = 64 * 4096}}, kV1);
  EXPECT_TRUE(fails_with(load(file, kV1, 1000), ErrorCode::limit_exceeded, "none is left"));
}

TEST(SegmentLoader, NotesSegmentPlaceAndRoleOfEachPage) {
  const TwoFiles files = eapp_of({{.vaddr = 0x30000, .type = 4, .memsz = 1},
                                  {.content = noise("a", 5000), .vaddr = 0x10000, .memsz = 8193},
                                  {.content = noise("b", 8), .vaddr = 0x20ff8}},
                                 kV1);
  const auto image = files.lay_out(kV1);
  const auto pages = mapped_pages(image);
  const auto content = [&](std::uint64_t address) {
    return image->content(pages.at(address).physical);
  };
  const std::uint64_t start = 64 + 3 * 56;  // where the contents begin in the file
  EXPECT_EQ(content(0x10000).segment, 1);
  EXPECT_EQ(content(0x10000).offset, start);
  EXPECT_EQ(content(0x10000).size, 4096);
  EXPECT_EQ(content(0x11000).offset, start + 4096);
  EXPECT_EQ(content(0x11000).size, 5000 - 4096);
  EXPECT_EQ(content(0x12000).segment, 1);
  EXPECT_EQ(content(0x12000).source, nullptr);
  EXPECT_EQ(content(0x20000).segment, 2);
  EXPECT_EQ(content(0x20000).at, 0xff8);
  EXPECT_EQ(content(0x20000).size, 8);
  for (const std::uint64_t address : {0x10000U, 0x11000U, 0x12000U, 0x20000U}) {
    EXPECT_EQ(content(address).role, PageRole::eapp);
  }
  EXPECT_EQ(content(runtime_address(kV1)).role, PageRole::runtime);
  EXPECT_EQ(content(0x3ffff000).role, PageRole::stack);
  EXPECT_EQ(content(0x3ffff000).segment, PageContent::kNoSegment);
}

TEST(SegmentLoader, NotesNoBytesOfAPageBehindTheEndOfTheFile) {
  // The last segment starts where the file ends: what it would copy are the zeros behind.
  std::vector<SegmentSpec> segments = {{.content = {1}, .vaddr = 0x10000},
                                       {.vaddr = 0x20ff8, .offset = 0, .memsz = 1}};
  segments[1].offset = program(segments, kV1).size();
  const TwoFiles files = eapp_of(segments, kV1);
  const auto image = files.lay_out(kV1);
  const auto page = mapped_pages(image).at(0x20000);
  EXPECT_EQ(image->content(page.physical).source, nullptr);
  EXPECT_EQ(page.bytes, Bytes(4096));
}

TEST(PageRoles, HaveTheirWords) {
  EXPECT_EQ(to_string(PageRole::table), "table");
  EXPECT_EQ(to_string(PageRole::runtime), "runtime");
  EXPECT_EQ(to_string(PageRole::eapp), "eapp");
  EXPECT_EQ(to_string(PageRole::stack), "stack");
  EXPECT_EQ(to_string(PageRole::runtime_stack), "runtime_stack");
}

}  // namespace
}  // namespace keystone::segment_loader_test
