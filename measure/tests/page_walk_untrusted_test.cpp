// SPDX-License-Identifier: Apache-2.0
// The window of untrusted memory, and the order in which pages are taken.
#include "page_walk_files.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_untrusted_test {
namespace {

using namespace keystone::testing;

constexpr auto kV1 = Profile::keystone_v1;
const Bytes kZeros(4096);

Result<PageWalkImage> with_window(const TwoFiles& files, Profile profile, std::uint64_t pointer,
                                  std::uint64_t size) {
  PageWalkParameters parameters = parameters_for(profile);
  parameters.untrusted_ptr = pointer;
  parameters.untrusted_size = size;
  return files.lay_out(profile, parameters);
}

Result<Measurement> measure_window(const TwoFiles& files, Profile profile, std::uint64_t pointer,
                                   std::uint64_t size) {
  KEYSTONE_TRY(const auto image, with_window(files, profile, pointer, size));
  return measure(image);
}

TwoFiles plain_files(Profile profile) {
  return {plain_eapp(profile), plain_runtime(profile)};
}

// The virtual pages that lie in untrusted memory, in order, by their place in it.
std::vector<std::pair<std::uint64_t, std::uint64_t>> window_of(const Result<PageWalkImage>& image) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> window;
  for (const auto& [address, page] : mapped_pages(image)) {
    if (page.physical >= image->arguments().utm_base) {
      window.emplace_back(address, page.physical - image->arguments().utm_base);
      EXPECT_EQ(page.bytes, kZeros);
      EXPECT_EQ(page.entry & 0x3ffU, 0xc7U);
    }
  }
  return window;
}

using Window = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

TEST(PageWalkUntrusted, LiesByDefaultWhereTheHostPutsIt) {
  for (const Profile profile : {kV1, Profile::pagewalk_v0_3}) {
    const TwoFiles files = plain_files(profile);
    EXPECT_EQ(window_of(files.lay_out(profile)),
              (Window{{0xffffffff80000000, 0}, {0xffffffff80001000, 0x1000}}));
  }
  const TwoFiles narrow = plain_files(Profile::keystone_v1_rv32);
  EXPECT_EQ(window_of(narrow.lay_out(Profile::keystone_v1_rv32)),
            (Window{{0x80000000, 0}, {0x80001000, 0x1000}}));
  for (const Profile profile : kDriverProfiles) {
    const TwoFiles files = plain_files(profile);
    EXPECT_EQ(window_of(files.lay_out(profile)),
              (Window{{0xffffffffe0000000, 0}, {0xffffffffe0001000, 0x1000}}));
  }
}

TEST(PageWalkUntrusted, IsMappedInWholePages) {
  const TwoFiles files = plain_files(kV1);
  EXPECT_EQ(window_of(with_window(files, kV1, 0x70000000, 1)), (Window{{0x70000000, 0}}));
  EXPECT_EQ(window_of(with_window(files, kV1, 0x70000000, 4096)), (Window{{0x70000000, 0}}));
  EXPECT_EQ(window_of(with_window(files, kV1, 0x70000fff, 1)), (Window{{0x70000000, 0}}));
  EXPECT_EQ(window_of(with_window(files, kV1, 0x70000000, 4097)),
            (Window{{0x70000000, 0}, {0x70001000, 0x1000}}));
}

TEST(PageWalkUntrusted, IsNotMappedWhereItsEndWraps) {
  const TwoFiles files = plain_files(kV1);
  for (const std::uint64_t size : {0x1000U, 0x2000U}) {
    EXPECT_TRUE(window_of(with_window(files, kV1, 0xfffffffffffff000, size)).empty());
    EXPECT_TRUE(succeeds(measure_window(files, kV1, 0xfffffffffffff000, size)));
  }
  constexpr auto kNarrow = Profile::keystone_v1_rv32;
  const TwoFiles narrow = plain_files(kNarrow);
  for (const std::uint64_t size : {0x1000U, 0x2000U}) {
    EXPECT_TRUE(window_of(with_window(narrow, kNarrow, 0xfffff000, size)).empty());
    EXPECT_TRUE(succeeds(measure_window(narrow, kNarrow, 0xfffff000, size)));
  }
}

TEST(PageWalkUntrusted, MayBeTheLastPageButOneOfTheAddressSpace) {
  const TwoFiles files = plain_files(kV1);
  EXPECT_EQ(window_of(with_window(files, kV1, 0xffffffffffffe000, 0x1000)),
            (Window{{0xffffffffffffe000, 0}}));
}

TEST(PageWalkUntrusted, IsMappedAt39BitsOfItsAddressAndMeasuredAtAll) {
  const TwoFiles files = plain_files(kV1);
  EXPECT_EQ(window_of(with_window(files, kV1, 0x1000000070000000, 1)), (Window{{0x70000000, 0}}));
  EXPECT_NE(measure_window(files, kV1, 0x1000000070000000, 1)->hash,
            measure_window(files, kV1, 0x70000000, 1)->hash);
}

TEST(PageWalkUntrusted, OfMorePagesThanTheDriverHasIsRefused) {
  const TwoFiles files = plain_files(kV1);
  // Two pages of bytes on three pages, of which the driver has two; then three of four.
  EXPECT_TRUE(fails_with(measure_window(files, kV1, 0x70000800, 0x2000), ErrorCode::malformed,
                         {"code 100015)", "outside private and untrusted"}));
  EXPECT_TRUE(succeeds(measure_window(files, kV1, 0x70000800, 0x2800)));
  const TwoFiles v0_3 = plain_files(Profile::pagewalk_v0_3);
  EXPECT_TRUE(fails_with(measure_window(v0_3, Profile::pagewalk_v0_3, 0x70000800, 0x2000),
                         ErrorCode::malformed, "code 15)"));
  for (const Profile profile : kDriverProfiles) {
    const TwoFiles old = plain_files(profile);
    EXPECT_TRUE(fails_with(with_window(old, profile, 0x70000800, 0x2000), ErrorCode::malformed,
                           "more pages than the driver has"));
    EXPECT_TRUE(succeeds(with_window(old, profile, 0x70000800, 0x2800)));
  }
}

TEST(PageWalkUntrusted, OnAPageOfTheFilesIsRefused) {
  for (const Profile profile : kSdkProfiles) {
    const std::string code = profile == Profile::pagewalk_v0_3 ? "code 15)" : "code 100015)";
    const TwoFiles files = plain_files(profile);
    for (const std::uint64_t address :
         {kEappAddress, runtime_address(profile), std::uint64_t{0x3ffff000}}) {
      EXPECT_TRUE(fails_with(measure_window(files, profile, address, 0x1000), ErrorCode::malformed,
                             {code, "untrusted buffer"}));
    }
    EXPECT_TRUE(succeeds(measure_window(files, profile, kEappAddress + 0x1000, 0x1000)));
  }
}

TEST(PageWalkUntrusted, LeavesAPageOfTheFilesAndGoesOnWithTheSamePageOfItsOwn) {
  const TwoFiles files = plain_files(kV1);
  const auto image = with_window(files, kV1, kEappAddress - 0x1000, 0x3000);
  EXPECT_TRUE(
      maps(image, kEappAddress, kEappAddress + 0x1000, {{kEappAddress, noise("eapp", 4096)}}));
  EXPECT_EQ(window_of(image),
            (Window{{kEappAddress - 0x1000, 0}, {kEappAddress + 0x1000, 0x1000}}));
}

// --- the order --------------------------------------------------------------------------------

std::map<std::uint64_t, std::uint64_t> page_numbers(const Result<PageWalkImage>& image) {
  std::map<std::uint64_t, std::uint64_t> numbers;
  for (const auto& [address, page] : mapped_pages(image)) {
    if (page.physical < image->arguments().free_base) {
      numbers[address] = (page.physical - image->arguments().epm_base) / 4096;
    }
  }
  return numbers;
}

// Page 0 is the root, 1 and 2 are the runtime's tables, 4 and 5 the eapp's, 7 and 12, 13 those of
// stack and window.
TEST(PageWalkOrder, IsTablesAndPagesOfRuntimeThenEappThenStackThenWindow) {
  const TwoFiles files = plain_files(kV1);
  const auto image = files.lay_out(kV1);
  EXPECT_EQ(page_numbers(image), (std::map<std::uint64_t, std::uint64_t>{{0xffffffffc0000000, 3},
                                                                         {kEappAddress, 6},
                                                                         {0x3fffc000, 8},
                                                                         {0x3fffd000, 9},
                                                                         {0x3fffe000, 10},
                                                                         {0x3ffff000, 11}}));
  const PageWalkArguments& a = image->arguments();
  EXPECT_EQ(a.runtime_base, a.epm_base + 3 * 4096);
  EXPECT_EQ(a.user_base, a.epm_base + 6 * 4096);
  EXPECT_EQ(a.free_base, a.epm_base + 14 * 4096);
}

// Page 0 is the root, 1 the runtime's table, 3 the eapp's, 5 that of the stack, 8 of the window.
TEST(PageWalkOrder, IsTheSameOnRv32WithOneLevelLess) {
  constexpr auto kNarrow = Profile::keystone_v1_rv32;
  const TwoFiles files = plain_files(kNarrow);
  const auto image = files.lay_out(kNarrow);
  EXPECT_EQ(page_numbers(image),
            (std::map<std::uint64_t, std::uint64_t>{
                {0xc0000000, 2}, {kEappAddress, 4}, {0x3fffe000, 6}, {0x3ffff000, 7}}));
  EXPECT_EQ(image->arguments().free_base, image->arguments().epm_base + 9 * 4096);
}

TEST(PageWalkOrder, OfPagesIsThatOfTheProgramHeaders) {
  const Bytes bytes = noise("bytes", 4096);
  const TwoFiles files = eapp_of({{.content = bytes, .vaddr = 0x12000},
                                  {.content = bytes, .vaddr = 0x10000},
                                  {.content = bytes, .vaddr = 0x11000}},
                                 kV1);
  const auto numbers = page_numbers(files.lay_out(kV1));
  EXPECT_EQ(numbers.at(0x12000), 6U);
  EXPECT_EQ(numbers.at(0x10000), 7U);
  EXPECT_EQ(numbers.at(0x11000), 8U);
  EXPECT_TRUE(fails_with(files.hash(kV1), ErrorCode::malformed, {"code 100015)", "ascend"}));
}

TEST(PageWalkOrder, TakesTablesForEveryPageOfTheSpanFirst) {
  const Bytes bytes = noise("bytes", 4096);
  // Over three tables of leaves, of which the middle one stays empty.
  const TwoFiles files =
      eapp_of({{.content = bytes, .vaddr = 0x10000}, {.content = bytes, .vaddr = 0x400000}}, kV1);
  const auto numbers = page_numbers(files.lay_out(kV1));
  EXPECT_EQ(numbers.at(0x10000), 8U);  // behind one table of the second level and three of leaves
  EXPECT_EQ(numbers.at(0x400000), 9U);
}

TEST(PageWalkOrder, CountsEveryKindOfSegmentForTheSpan) {
  const Bytes bytes = noise("bytes", 4096);
  for (const std::uint32_t type : {0U, 4U, 7U, 0x6474e551U}) {
    const TwoFiles files = eapp_of(
        {{.content = bytes, .vaddr = 0x10000}, {.vaddr = 0x400100, .type = type, .memsz = 1}}, kV1);
    EXPECT_EQ(page_numbers(files.lay_out(kV1)).at(0x10000), 8U);
    const TwoFiles no_memory = eapp_of(
        {{.content = bytes, .vaddr = 0x10000}, {.vaddr = 0x400100, .type = type, .memsz = 0}}, kV1);
    EXPECT_EQ(page_numbers(no_memory.lay_out(kV1)).at(0x10000), 6U);
  }
}

}  // namespace
}  // namespace keystone::page_walk_untrusted_test
