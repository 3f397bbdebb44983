// SPDX-License-Identifier: Apache-2.0
// Which bytes of a segment the host library puts on which pages (v0.3 and later). The expected
// pages are put together by hand.
#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_loader_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kNote = 4;  // PT_NOTE
const Bytes kZeros(4096);

class PageWalkLoader : public ::testing::TestWithParam<Profile> {
 protected:
  static ::testing::AssertionResult loads(const std::vector<SegmentSpec>& segments,
                                          const Contents& want) {
    const TwoFiles files = eapp_of(segments, GetParam());
    return maps_eapp(files.lay_out(GetParam()), want);
  }
  static ::testing::AssertionResult is_undefined(const std::vector<SegmentSpec>& segments,
                                                 std::string_view fact) {
    const TwoFiles files = eapp_of(segments, GetParam());
    return fails_with(files.lay_out(GetParam()), ErrorCode::malformed, {"eapp: ", fact});
  }
};

INSTANTIATE_TEST_SUITE_P(Sdk, PageWalkLoader, ::testing::ValuesIn(kSdkProfiles), suite_name);

TEST_P(PageWalkLoader, CopiesTheFilesBytesAndFillsUpWithZeros) {
  const Bytes bytes = noise("bytes", 6000);
  EXPECT_TRUE(loads({{.content = bytes, .vaddr = 0x10000, .memsz = 20000}},
                    {{0x10000, slice(bytes, 0, 4096)},
                     {0x11000, page_of(slice(bytes, 4096, 1904))},
                     {0x12000, kZeros},
                     {0x13000, kZeros},
                     {0x14000, kZeros}}));
}

TEST_P(PageWalkLoader, EndsZerosWithThePageOfTheLastByte) {
  const Bytes bytes = noise("bytes", 4096);
  EXPECT_TRUE(loads({{.content = bytes, .vaddr = 0x10000, .memsz = 8192}},
                    {{0x10000, bytes}, {0x11000, kZeros}}));
  EXPECT_TRUE(loads({{.content = bytes, .vaddr = 0x10000, .memsz = 8193}},
                    {{0x10000, bytes}, {0x11000, kZeros}, {0x12000, kZeros}}));
}

TEST_P(PageWalkLoader, LoadsBytesBeyondTheMemorySize) {
  const Bytes bytes = noise("bytes", 6000);
  EXPECT_TRUE(
      loads({{.content = bytes, .vaddr = 0x10000, .memsz = 100}},
            {{0x10000, slice(bytes, 0, 4096)}, {0x11000, page_of(slice(bytes, 4096, 1904))}}));
}

TEST_P(PageWalkLoader, LoadsASegmentThatTakesNoMemory) {
  const Bytes first = noise("first", 4096);
  const Bytes second = noise("second", 100);
  EXPECT_TRUE(loads(
      {{.content = first, .vaddr = 0x10000}, {.content = second, .vaddr = 0x12000, .memsz = 0}},
      {{0x10000, first}, {0x12000, page_of(second)}}));
}

TEST_P(PageWalkLoader, LoadsNothingForAnEmptySegment) {
  const Bytes first = noise("first", 4096);
  EXPECT_TRUE(
      loads({{.content = first, .vaddr = 0x10000}, {.vaddr = 0x12000}}, {{0x10000, first}}));
}

TEST_P(PageWalkLoader, LoadsLoadSegmentsAlone) {
  const Bytes first = noise("first", 4096);
  EXPECT_TRUE(loads({{.content = first, .vaddr = 0x10000},
                     {.content = first, .vaddr = 0x12000, .type = kNote},
                     {.content = first, .vaddr = 0x13000, .type = 7},
                     {.content = first, .vaddr = 0x14000, .type = 0}},
                    {{0x10000, first}}));
}

TEST_P(PageWalkLoader, FillsAFirstPageInPartFromWhatFollowsInTheFile) {
  const Bytes first = noise("first", 4096);
  const Bytes second = noise("second", 16);
  const Bytes behind = noise("behind", 600);
  EXPECT_TRUE(loads(
      {{.content = first, .vaddr = 0x10000},
       {.content = second, .vaddr = 0x12f00},
       {.content = behind, .vaddr = 0x20000, .type = kNote}},
      {{0x10000, first}, {0x12000, page_of(concat({second, slice(behind, 0, 240)}), 0xf00)}}));
}

TEST_P(PageWalkLoader, FillsAFirstPageInPartEvenForASegmentWithoutBytesAndMemory) {
  const Bytes first = noise("first", 4096);
  const Bytes behind = noise("behind", 600);
  EXPECT_TRUE(loads({{.content = first, .vaddr = 0x10000},
                     {.vaddr = 0x12f00},
                     {.content = behind, .vaddr = 0x20000, .type = kNote}},
                    {{0x10000, first}, {0x12000, page_of(slice(behind, 0, 256), 0xf00)}}));
}

TEST_P(PageWalkLoader, GoesOnBehindAFirstPageInPart) {
  const Bytes first = noise("first", 4096);
  const Bytes bytes = noise("bytes", 7000);
  EXPECT_TRUE(loads(
      {{.content = first, .vaddr = 0x10000}, {.content = bytes, .vaddr = 0x12800, .memsz = 12000}},
      {{0x10000, first},
       {0x12000, page_of(slice(bytes, 0, 2048), 0x800)},
       {0x13000, slice(bytes, 2048, 4096)},
       {0x14000, page_of(slice(bytes, 6144, 856))},
       {0x15000, kZeros}}));
}

// An eapp whose second segment has the last ten bytes of the file for the last 16 of its page.
std::vector<SegmentSpec> reading_over_the_end(std::size_t first_size, Profile profile) {
  std::vector<SegmentSpec> segments = {{.content = noise("first", first_size), .vaddr = 0x10000},
                                       {.vaddr = 0x20ff0, .offset = 0, .filesz = 10}};
  segments[1].offset = program(segments, profile).size() - 10;
  return segments;
}

TEST_P(PageWalkLoader, FillsUpWithZerosBehindTheEndOfTheFile) {
  const auto segments = reading_over_the_end(100, GetParam());
  const Bytes file = program(segments, GetParam());
  ASSERT_LT(file.size(), 4000U);
  EXPECT_TRUE(loads(segments, {{0x10000, page_of(segments[0].content)},
                               {0x20000, page_of(slice(file, file.size() - 10, 10), 0xff0)}}));
}

TEST_P(PageWalkLoader, RefusesToReadBeyondTheLastPageOfTheFile) {
  const std::size_t size = program(reading_over_the_end(100, GetParam()), GetParam()).size();
  // A file of 4090 bytes: 16 bytes from the tenth before its end just fit its page.
  EXPECT_TRUE(succeeds(eapp_of(reading_over_the_end(100 + 4090 - size, GetParam()), GetParam())
                           .lay_out(GetParam())));
  for (const std::size_t more : {1U, 6U}) {
    EXPECT_TRUE(is_undefined(reading_over_the_end(100 + 4090 - size + more, GetParam()),
                             "beyond the end of the file"));
  }
}

TEST_P(PageWalkLoader, RefusesASegmentThatIsNotAllInTheFile) {
  const Bytes bytes = noise("bytes", 100);
  std::vector<SegmentSpec> segments = {{.content = bytes, .vaddr = 0x10000, .offset = 0}};
  const std::uint64_t size = program(segments, GetParam()).size();
  segments[0].offset = size - 100;
  EXPECT_TRUE(succeeds(eapp_of(segments, GetParam()).lay_out(GetParam())));
  segments[0].offset = size - 99;
  EXPECT_TRUE(is_undefined(segments, "beyond the file"));
  segments[0].offset = size + 1;
  EXPECT_TRUE(is_undefined(segments, "beyond the file"));
  segments[0].offset = info(GetParam()).word == Word::bits64 ? UINT64_MAX - 50 : UINT32_MAX - 50;
  EXPECT_TRUE(is_undefined(segments, "beyond the file"));
}

TEST_P(PageWalkLoader, LooksForNoBytesOfASegmentThatHasNone) {
  const Bytes first = noise("first", 4096);
  const std::vector<SegmentSpec> segments = {
      {.content = first, .vaddr = 0x10000},
      {.vaddr = 0x12000, .offset = 0x7fffffff, .memsz = 100},
      {.vaddr = 0x30000, .type = kNote, .offset = 0x7fffffff, .filesz = 5}};
  EXPECT_TRUE(loads(segments, {{0x10000, first}, {0x12000, kZeros}}));
  auto unaligned = segments;
  unaligned[1].vaddr = 0x12010;
  EXPECT_TRUE(is_undefined(unaligned, "beyond the file"));
}

// --- the end of the address space -------------------------------------------------------------

std::uint64_t top_page(Profile profile) {
  return info(profile).word == Word::bits64 ? 0xfffffffffffff000 : 0xfffff000;
}

TEST_P(PageWalkLoader, LoadsTheLastPageOfTheAddressSpaceIfItIsWhole) {
  const Bytes bytes = noise("bytes", 4096);
  const TwoFiles files =
      runtime_of({{.content = bytes, .vaddr = top_page(GetParam())}}, GetParam());
  const auto image = files.lay_out(GetParam());
  EXPECT_TRUE(maps(image, top_page(GetParam()), UINT64_MAX, {{top_page(GetParam()), bytes}}));
  EXPECT_TRUE(succeeds(files.hash(GetParam())));
}

TEST_P(PageWalkLoader, RefusesAnyOtherSegmentThatStartsThere) {
  for (const std::size_t size : {0U, 1U, 4095U}) {
    const TwoFiles files = runtime_of(
        {{.content = noise("bytes", size), .vaddr = top_page(GetParam()), .memsz = 4096}},
        GetParam());
    EXPECT_TRUE(fails_with(files.lay_out(GetParam()), ErrorCode::malformed,
                           {"runtime: ", "wraps around the end"}));
  }
}

// The host asks whether the next page ends in the file's bytes, and that end wraps to 0.
TEST_P(PageWalkLoader, RefusesASegmentThatEndsWhereTheLastPageStarts) {
  const auto below = [](std::size_t size, std::uint64_t memory) {
    return runtime_of({{.content = noise("bytes", size),
                        .vaddr = top_page(GetParam()) - 0x1000,
                        .memsz = memory}},
                      GetParam())
        .lay_out(GetParam());
  };
  EXPECT_TRUE(succeeds(below(4095, 4096)));
  for (const auto& [size, memory] : {std::pair(4096U, 4096U), std::pair(4095U, 4097U)}) {
    EXPECT_TRUE(fails_with(below(size, memory), ErrorCode::malformed,
                           {"runtime: ", "wraps around the end"}));
  }
}

TEST_P(PageWalkLoader, LoadsNothingOfASegmentWhoseEndWraps) {
  const Bytes first = noise("first", 4096);
  const std::uint64_t start = runtime_address(GetParam());
  const TwoFiles files =
      runtime_of({{.content = first, .vaddr = start},
                  {.content = noise("second", 0x3000), .vaddr = top_page(GetParam()) - 0x1000}},
                 GetParam());
  EXPECT_TRUE(maps(files.lay_out(GetParam()), start, UINT64_MAX, {{start, first}}));
}

}  // namespace
}  // namespace keystone::page_walk_loader_test
