// SPDX-License-Identifier: Apache-2.0
// Which pages make one range.
#include "explain_pages.hpp"

#include "explain_support.hpp"

#include <gtest/gtest.h>

namespace keystone::explain_pages_test {
namespace {

using namespace keystone::testing;
using Lines = std::vector<std::string>;

// The ranges that come of these pages, in a row from address 0 on.
Lines ranges_of(std::vector<PageOrigin> pages) {
  const auto measurement = explained({{}, {}, {}}, Profile::keystone_loader_rv64).measurement;
  Explanation explanation{measurement, {}, {}, {}, {}, 0};
  RegionMemory memory;
  EXPECT_TRUE(succeeds(memory.add_fill(0, pages.size() * kPageSize, 0)));
  PageExplainer explainer(memory, kWithPages, explanation);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    pages[i].address += i * kPageSize;
    pages[i].memory = i * kPageSize;
    EXPECT_TRUE(succeeds(explainer.add(pages[i])));
  }
  EXPECT_EQ(explanation.pages.size(), pages.size());
  return lines_of(explanation);
}

PageOrigin file_page(std::uint64_t offset, std::uint64_t size = kPageSize,
                     std::uint64_t zeros_before = 0) {
  PageOrigin page;
  page.role = "eapp";
  page.zeros_before = zeros_before;
  page.file = {offset, size};
  page.zeros = size == kPageSize ? Zeros::none : Zeros::padding;
  return page;
}

PageOrigin zero_page(std::string_view role, Zeros zeros) {
  PageOrigin page;
  page.role = role;
  page.zeros = zeros;
  return page;
}

TEST(PageExplainer, JoinsPagesThatGoOnInTheFile) {
  EXPECT_EQ(ranges_of({file_page(100), file_page(4196), file_page(8292)}),
            (Lines{"eapp 0x0 12288, 0+12288 at 0x64, none"}));
  EXPECT_EQ(ranges_of({file_page(100, 96, 4000), file_page(196, 50)}),
            (Lines{"eapp 0x0 8192, 4000+146 at 0x64, padding"}));
}

TEST(PageExplainer, JoinsZerosOfOneKind) {
  EXPECT_EQ(ranges_of({zero_page("eapp", Zeros::bss), zero_page("eapp", Zeros::bss)}),
            (Lines{"eapp 0x0 8192, bss"}));
}

TEST(PageExplainer, PartsPagesOfOtherPlacesInTheFile) {
  EXPECT_EQ(ranges_of({file_page(0), file_page(8192)}).size(), 2U);
  EXPECT_EQ(ranges_of({file_page(0), file_page(0)}).size(), 2U);
}

TEST(PageExplainer, PartsPagesWithZerosBetweenTheirBytes) {
  EXPECT_EQ(ranges_of({file_page(0, 100), file_page(100, 100)}).size(), 2U);
  EXPECT_EQ(ranges_of({file_page(0, 96, 4000), file_page(96, 100, 10)}).size(), 2U);
}

TEST(PageExplainer, PartsPagesOfAnotherRoleOrKind) {
  EXPECT_EQ(ranges_of({zero_page("stack", Zeros::stack), zero_page("runtime_stack", Zeros::stack)})
                .size(),
            2U);
  EXPECT_EQ(ranges_of({zero_page("eapp", Zeros::bss), zero_page("eapp", Zeros::padding)}).size(),
            2U);
  EXPECT_EQ(ranges_of({file_page(0), file_page(4096, 100)}).size(), 2U);
}

TEST(PageExplainer, PartsPagesOfAnotherSegment) {
  PageOrigin first = file_page(0);
  PageOrigin second = file_page(4096);
  first.segment = 1;
  second.segment = 2;
  EXPECT_EQ(ranges_of({first, second}), (Lines{"eapp 0x0 4096, 0+4096 at 0x0, segment 1, none",
                                               "eapp 0x1000 4096, 0+4096 at 0x1000, segment 2, "
                                               "none"}));
  second.segment.reset();
  EXPECT_EQ(ranges_of({first, second}).size(), 2U);
}

TEST(PageExplainer, PartsPagesWhereAnAddressIsMeasuredOrJumps) {
  PageOrigin run = file_page(4096);
  run.starts_run = true;
  EXPECT_EQ(ranges_of({file_page(0), run}).size(), 2U);
  PageOrigin jump = file_page(4096);
  jump.address = 0x100000;
  EXPECT_EQ(ranges_of({file_page(0), jump}), (Lines{"eapp 0x0 4096, 0+4096 at 0x0, none",
                                                    "eapp 0x101000 4096, 0+4096 at 0x1000, none"}));
}

TEST(PageExplainer, NamesZerosBehindTheBytesOfAPageAlone) {
  // .bss lies where the page has bytes of the file, which are put in its middle.
  ElfSpec spec = program_at(0, noise("text", 100), 64);
  spec.sections[1].addr = 150;
  const Bytes file = build_elf(spec);
  const auto names = ElfNames::read(ArraySource(file), true);
  ASSERT_TRUE(succeeds(names));
  PageOrigin page = file_page(64 + 56, 100, 120);
  page.names = &*names;
  page.has_memory_names = true;
  EXPECT_EQ(ranges_of({page}), (Lines{"eapp 0x0 4096, 120+100 at 0x78, [.text], padding"}));
  page.zeros_before = 0;
  EXPECT_EQ(ranges_of({page}), (Lines{"eapp 0x0 4096, 0+100 at 0x78, [.text, .bss], padding"}));
}

TEST(PageExplainer, FailsWhereThereIsNoMemory) {
  const auto measurement = explained({{}, {}, {}}, Profile::keystone_loader_rv64).measurement;
  Explanation explanation{measurement, {}, {}, {}, {}, 0};
  const RegionMemory memory;
  PageExplainer explainer(memory, kWithPages, explanation);
  EXPECT_TRUE(fails_with(explainer.add(file_page(0)), ErrorCode::malformed));
}

}  // namespace
}  // namespace keystone::explain_pages_test
