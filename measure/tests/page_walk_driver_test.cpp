// SPDX-License-Identifier: Apache-2.0
// How the drivers of v0.1 and v0.2 unpack files: nothing that anybody would guess.
#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_driver_test {
namespace {

using namespace keystone::testing;

constexpr auto kV01 = Profile::pagewalk_v0_1;
constexpr auto kV02 = Profile::pagewalk_v0_2;
constexpr std::uint64_t kStart = 0xffffffffc0000000;   // of runtimes
constexpr std::uint64_t kWindow = 0xffffffffe0000000;  // of untrusted memory
const Bytes kZeros(4096);

// An eapp with these sections beside its segments.
TwoFiles eapp_with(std::vector<SegmentSpec> segments, std::vector<SectionSpec> sections) {
  ElfSpec spec;
  spec.segments = std::move(segments);
  spec.sections = std::move(sections);
  return {build_elf(spec), plain_runtime(kV02)};
}

SectionSpec no_bits(std::uint64_t address, std::uint64_t size) {
  return {.name = ".bss", .type = kSectionNoBits, .size = size, .addr = address};
}

class PageWalkDriver : public ::testing::TestWithParam<Profile> {};

INSTANTIATE_TEST_SUITE_P(Old, PageWalkDriver, ::testing::ValuesIn(kDriverProfiles), suite_name);

// --- the runtime ------------------------------------------------------------------------------

TEST_P(PageWalkDriver, CopiesWholePagesOfTheRuntimesFile) {
  const Bytes bytes = noise("bytes", 5000);
  const Bytes behind = noise("behind", 8000);
  const TwoFiles files = runtime_of({{.content = bytes, .vaddr = kStart, .memsz = 40000},
                                     {.content = behind, .vaddr = 0x1000, .type = 4}},
                                    GetParam());
  EXPECT_TRUE(
      maps(files.lay_out(GetParam()), kStart, kWindow,
           {{kStart, slice(bytes, 0, 4096)},
            {kStart + 0x1000, concat({slice(bytes, 4096, 904), slice(behind, 0, 4096 - 904)})}}));
}

TEST_P(PageWalkDriver, PutsAnUnalignedRuntimeAtThePagesStart) {
  const Bytes bytes = noise("bytes", 4096);
  const Bytes behind = noise("behind", 5000);
  const TwoFiles files = runtime_of({{.content = bytes, .vaddr = kStart + 0x800},
                                     {.content = behind, .vaddr = 0x1000, .type = 4}},
                                    GetParam());
  EXPECT_TRUE(maps(files.lay_out(GetParam()), kStart, kWindow,
                   {{kStart, bytes}, {kStart + 0x1000, slice(behind, 0, 4096)}}));
}

TEST_P(PageWalkDriver, FillsTheFilesLastPageWithZeros) {
  const TwoFiles files(plain_eapp(GetParam()),
                       program({{.content = {1, 2, 3}, .vaddr = kStart, .offset = 0}}, GetParam()));
  const Bytes file = program({{.content = {1, 2, 3}, .vaddr = kStart, .offset = 0}}, GetParam());
  EXPECT_TRUE(maps(files.lay_out(GetParam()), kStart, kWindow, {{kStart, page_of(file)}}));
}

TEST_P(PageWalkDriver, RefusesARuntimeThatIsReadBeyondTheFilesLastPage) {
  for (const std::uint64_t offset : {std::uint64_t{1}, std::uint64_t{4096}, UINT64_MAX}) {
    const TwoFiles files =
        runtime_of({{.vaddr = kStart, .offset = offset, .filesz = 3}}, GetParam());
    EXPECT_TRUE(fails_with(files.lay_out(GetParam()), ErrorCode::malformed,
                           {"runtime: ", "beyond the end of the file"}));
  }
}

TEST_P(PageWalkDriver, RefusesARuntimeThatWraps) {
  for (const std::uint64_t size : {std::uint64_t{0x1000}, UINT64_MAX}) {
    const TwoFiles files = runtime_of({{.vaddr = 0xfffffffffffff800, .filesz = size}}, GetParam());
    EXPECT_TRUE(
        fails_with(files.lay_out(GetParam()), ErrorCode::malformed, {"runtime: ", "wraps around"}));
  }
}

// --- the eapp ---------------------------------------------------------------------------------

TEST_P(PageWalkDriver, PutsTheEappsBytesAtThePagesStartWithoutItsBss) {
  const Bytes bytes = noise("bytes", 5000);
  const TwoFiles files =
      eapp_of({{.content = bytes, .vaddr = 0x10800, .memsz = 40000}}, GetParam());
  EXPECT_TRUE(maps_eapp(files.lay_out(GetParam()), {{0x10000, slice(bytes, 0, 4096)},
                                                    {0x11000, page_of(slice(bytes, 4096, 904))}}));
}

TEST_P(PageWalkDriver, StartsAfreshOnAPageThatIsMappedTwice) {
  const TwoFiles files = eapp_of({{.content = noise("first", 4096), .vaddr = 0x10000},
                                  {.content = noise("second", 100), .vaddr = 0x10800}},
                                 GetParam());
  const auto image = files.lay_out(GetParam());
  EXPECT_TRUE(maps_eapp(image, {{0x10000, page_of(noise("second", 100))}}));
  const TwoFiles once = eapp_of({{.content = noise("second", 100), .vaddr = 0x10800}}, GetParam());
  EXPECT_EQ(image->arguments().free_base, once.lay_out(GetParam())->arguments().free_base + 4096);
}

TEST_P(PageWalkDriver, RefusesAnEappThatIsNotAllInTheFile) {
  for (const std::uint64_t offset : {std::uint64_t{0x100000}, UINT64_MAX}) {
    const TwoFiles files = eapp_of({{.vaddr = 0x10000, .offset = offset, .filesz = 3}}, GetParam());
    EXPECT_TRUE(fails_with(files.lay_out(GetParam()), ErrorCode::malformed, "beyond the file"));
  }
  const TwoFiles wrapping = eapp_of({{.content = {1, 2}, .vaddr = UINT64_MAX}}, GetParam());
  EXPECT_TRUE(fails_with(wrapping.lay_out(GetParam()), ErrorCode::malformed, "wraps around"));
}

TEST_P(PageWalkDriver, TakesFilesThatHostLibrariesRefuse) {
  // The lowest address not on a page, no memory, no segments, other sizes, another class.
  ElfSpec spec;
  spec.segments = {{.content = {1}, .vaddr = 0x10010, .memsz = 0}};
  spec.phentsize = 1;
  spec.shentsize = 1;
  spec.shstrndx = 99;
  spec.class_byte = 7;
  EXPECT_TRUE(succeeds(TwoFiles(build_elf(spec), plain_runtime(GetParam())).hash(GetParam())));
  spec = {};
  EXPECT_TRUE(succeeds(TwoFiles(build_elf(spec), plain_runtime(GetParam())).hash(GetParam())));
}

TEST_P(PageWalkDriver, RefusesOtherMachinesAndTypes) {
  for (const auto& [machine, type] : {std::pair(62, 2), std::pair(243, 3), std::pair(243, 1)}) {
    ElfSpec spec = plain_program({1});
    spec.machine = static_cast<std::uint16_t>(machine);
    spec.file_type = static_cast<std::uint16_t>(type);
    const Bytes file = build_elf(spec);
    EXPECT_TRUE(fails_with(TwoFiles(file, plain_runtime(GetParam())).lay_out(GetParam()),
                           ErrorCode::malformed, "eapp: the host refuses"));
    EXPECT_TRUE(fails_with(TwoFiles(plain_eapp(GetParam()), file).lay_out(GetParam()),
                           ErrorCode::malformed, "runtime: the host refuses"));
  }
}

TEST_P(PageWalkDriver, MeasuresTheEntriesThatItIsTold) {
  const TwoFiles files(plain_eapp(GetParam()), plain_runtime(GetParam()));
  PageWalkParameters parameters = parameters_for(GetParam());
  parameters.user_entry = 0x1234;
  const auto image = files.lay_out(GetParam(), parameters);
  EXPECT_EQ(image->arguments().runtime_entry, kStart);
  EXPECT_EQ(image->arguments().user_entry, 0x1234U);
  EXPECT_NE(value_of(files.hash(GetParam(), parameters)), value_of(files.hash(GetParam())));
}

// --- where the two differ ---------------------------------------------------------------------

TEST(PageWalkDriverV01, WritesEntriesOfFilesWithoutTheBitD) {
  for (const auto& [profile, runtime, eapp] :
       {std::tuple(kV01, 0x4fU, 0x5fU), std::tuple(kV02, 0xcfU, 0xdfU),
        std::tuple(Profile::keystone_v1, 0xcfU, 0xdfU)}) {
    const TwoFiles files(plain_eapp(profile), plain_runtime(profile));
    const auto pages = mapped_pages(files.lay_out(profile));
    EXPECT_EQ(pages.at(kStart).entry & 0x3ffU, runtime);
    EXPECT_EQ(pages.at(0x10000).entry & 0x3ffU, eapp);
  }
}

TEST(PageWalkDriverV02, MapsZerosForSectionsWithoutBytes) {
  const Bytes bytes = noise("bytes", 4096);
  const TwoFiles files = eapp_with(
      {{.content = bytes, .vaddr = 0x10000}},
      {no_bits(0x11010, 0x1000), no_bits(0x20000, 0), no_bits(0x30fff, 2), no_bits(0, 0x1000)});
  // Pages of 0x11010 and 0x30fff; a step of a page behind them is not below the end any more.
  EXPECT_TRUE(
      maps_eapp(files.lay_out(kV02), {{0x10000, bytes}, {0x11000, kZeros}, {0x30000, kZeros}}));
  EXPECT_TRUE(maps_eapp(files.lay_out(kV01), {{0x10000, bytes}}));
}

TEST(PageWalkDriverV02, MapsThemBeforeTheSegments) {
  const Bytes bytes = noise("bytes", 4096);
  const TwoFiles files =
      eapp_with({{.content = bytes, .vaddr = 0x10000}}, {no_bits(0x10000, 0x2000)});
  EXPECT_TRUE(maps_eapp(files.lay_out(kV02), {{0x10000, bytes}, {0x11000, kZeros}}));
}

TEST(PageWalkDriverV02, LooksForThemInTheEappAlone) {
  ElfSpec spec;
  spec.segments = {{.content = noise("bytes", 4096), .vaddr = kStart}};
  spec.sections = {no_bits(kStart + 0x10000, 0x1000)};
  const TwoFiles files(plain_eapp(kV02), build_elf(spec));
  EXPECT_EQ(mapped_pages(files.lay_out(kV02)).count(kStart + 0x10000), 0U);
}

TEST(PageWalkDriverV02, RefusesSectionsThatWrap) {
  for (const std::uint64_t size : {std::uint64_t{0x1000}, UINT64_MAX}) {
    const TwoFiles files =
        eapp_with({{.content = {1}, .vaddr = 0x10000}}, {no_bits(0xfffffffffffff000, size)});
    EXPECT_TRUE(fails_with(files.lay_out(kV02), ErrorCode::malformed, {"eapp: ", "wraps around"}));
    EXPECT_TRUE(succeeds(files.lay_out(kV01)));
  }
}

TEST(PageWalkDriverV02, RefusesSectionsForWhichThereIsNoMemory) {
  const TwoFiles files =
      eapp_with({{.content = {1}, .vaddr = 0x10000}}, {no_bits(0x20000, 0x10000000000)});
  EXPECT_TRUE(
      fails_with(files.lay_out(kV02), ErrorCode::limit_exceeded, {"eapp: ", "none is left"}));
}

TEST(PageWalkDriverV02, RefusesSectionHeadersOutsideTheFileUnlikeV01) {
  ElfSpec spec = plain_program({1});
  spec.shoff = 0x100000;
  const TwoFiles files(build_elf(spec), plain_runtime(kV02));
  EXPECT_TRUE(fails_with(files.lay_out(kV02), ErrorCode::malformed, "section headers"));
  EXPECT_TRUE(succeeds(files.lay_out(kV01)));
}

}  // namespace
}  // namespace keystone::page_walk_driver_test
