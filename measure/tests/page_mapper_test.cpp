// SPDX-License-Identifier: Apache-2.0
#include "page_mapper.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone::page_mapper_test {
namespace {

using namespace keystone::testing;

constexpr PhysicalRange kEpm = {0x10000, 64 * kPageSize};
constexpr PhysicalRange kUtm = {0x400000, 2 * kPageSize};

// A mapper and the memory that it takes pages from.
struct Mapping {
  explicit Mapping(const Paging& paging = kSv39, PhysicalRange epm = kEpm,
                   FileEntries entries = FileEntries::dirty)
      : pages(paging, epm, kUtm), mapper(PageMapper::create(paging, entries, pages).value()) {}

  // The numbers of pages that were taken.
  [[nodiscard]] std::uint64_t taken() const { return (pages.next_free() - kEpm.base) / kPageSize; }
  static std::uint64_t page(std::uint64_t n) { return kEpm.base + n * kPageSize; }

  EnclavePages pages;
  PageMapper mapper;
};

PageContent of_role(PageRole role, std::uint64_t offset = 0) {
  PageContent content;
  content.role = role;
  content.offset = offset;
  return content;
}

TEST(PageMapper, TakesTheFirstPageForTheRootTable) {
  const Mapping mapping;
  EXPECT_EQ(mapping.taken(), 1U);
  EXPECT_EQ(mapping.pages.content(Mapping::page(0)).role, PageRole::table);
}

TEST(PageMapper, CannotStartWithoutAPage) {
  EnclavePages pages(kSv39, {0x10000, 0}, kUtm);
  EXPECT_TRUE(
      fails_with(PageMapper::create(kSv39, FileEntries::dirty, pages), ErrorCode::limit_exceeded));
}

TEST(PageMapper, TakesMissingTablesTopDownThenThePage) {
  Mapping mapping;
  ASSERT_TRUE(mapping.mapper.map(0xffffffffc0000000, of_role(PageRole::runtime), OnMapped::keep));
  EXPECT_EQ(mapping.taken(), 4U);
  EXPECT_EQ(mapping.pages.entry(Mapping::page(0), 511), (Mapping::page(1) >> 12U << 10U | 1U));
  EXPECT_EQ(mapping.pages.entry(Mapping::page(1), 0), (Mapping::page(2) >> 12U << 10U | 1U));
  EXPECT_EQ(mapping.pages.entry(Mapping::page(2), 0), (Mapping::page(3) >> 12U << 10U | 0xcfU));
}

TEST(PageMapper, WalksTwoLevelsOnRv32) {
  Mapping mapping(kSv32);
  ASSERT_TRUE(mapping.mapper.map(0xc0401000, of_role(PageRole::eapp), OnMapped::keep));
  EXPECT_EQ(mapping.taken(), 3U);
  EXPECT_EQ(mapping.pages.entry(Mapping::page(0), 769), (Mapping::page(1) >> 12U << 10U | 1U));
  EXPECT_EQ(mapping.pages.entry(Mapping::page(1), 1), (Mapping::page(2) >> 12U << 10U | 0xdfU));
}

TEST(PageMapper, SharesTables) {
  Mapping mapping;
  ASSERT_TRUE(mapping.mapper.map(0x10000, of_role(PageRole::eapp), OnMapped::keep));
  ASSERT_TRUE(mapping.mapper.map(0x11000, of_role(PageRole::eapp), OnMapped::keep));
  EXPECT_EQ(mapping.taken(), 5U);  // one leaf more
  ASSERT_TRUE(mapping.mapper.map(0x200000, of_role(PageRole::eapp), OnMapped::keep));
  EXPECT_EQ(mapping.taken(), 7U);  // a table of leaves, too
  ASSERT_TRUE(mapping.mapper.map(0x40000000, of_role(PageRole::eapp), OnMapped::keep));
  EXPECT_EQ(mapping.taken(), 10U);  // a table of each level
}

TEST(PageMapper, WritesTheEntryOfEachRole) {
  const struct {
    PageRole role;
    std::uint64_t dirty, clean;
  } rows[] = {{PageRole::table, 0x01, 0x01},
              {PageRole::runtime, 0xcf, 0x4f},
              {PageRole::eapp, 0xdf, 0x5f},
              {PageRole::stack, 0xd7, 0xd7},
              {PageRole::runtime_stack, 0xc7, 0xc7}};
  for (const auto& row : rows) {
    EXPECT_EQ(entry_flags(row.role, FileEntries::dirty), row.dirty);
    EXPECT_EQ(entry_flags(row.role, FileEntries::clean), row.clean);
  }
  Mapping clean(kSv39, kEpm, FileEntries::clean);
  ASSERT_TRUE(clean.mapper.map(0, of_role(PageRole::runtime), OnMapped::keep));
  EXPECT_EQ(clean.pages.entry(Mapping::page(2), 0) & 0x3ffU, 0x4fU);
}

TEST(PageMapper, ReservesTablesForEveryPageAndNoPages) {
  Mapping mapping;
  ASSERT_TRUE(mapping.mapper.reserve_tables(0x1ff000, 1));
  EXPECT_EQ(mapping.taken(), 3U);
  ASSERT_TRUE(mapping.mapper.reserve_tables(0x1ff000, 2));
  EXPECT_EQ(mapping.taken(), 4U);
  ASSERT_TRUE(mapping.mapper.reserve_tables(0x1ff000, 2 + 512));
  EXPECT_EQ(mapping.taken(), 5U);
  ASSERT_TRUE(mapping.mapper.reserve_tables(0x10000000, 0));
  EXPECT_EQ(mapping.taken(), 5U);
  EXPECT_FALSE(mapping.mapper.find(0x1ff000).has_value());
}

TEST(PageMapper, ReservesTablesUpToTheEndOfTheAddressSpace) {
  Mapping mapping;
  ASSERT_TRUE(mapping.mapper.reserve_tables(0xfffffffffffff000, 1));
  EXPECT_EQ(mapping.taken(), 3U);
  Mapping narrow(kSv32);
  ASSERT_TRUE(narrow.mapper.reserve_tables(0xffbff000, 1025));
  EXPECT_EQ(narrow.taken(), 3U);
}

TEST(PageMapper, KeepsOverwritesOrReplacesWhatIsMapped) {
  for (const auto& [on_mapped, taken, offset] :
       {std::tuple(OnMapped::keep, 4U, 1U), std::tuple(OnMapped::overwrite, 4U, 2U),
        std::tuple(OnMapped::replace, 5U, 2U)}) {
    Mapping mapping;
    ASSERT_TRUE(mapping.mapper.map(0x10000, of_role(PageRole::eapp, 1), OnMapped::keep));
    ASSERT_TRUE(mapping.mapper.map(0x10fff, of_role(PageRole::eapp, 2), on_mapped));
    EXPECT_EQ(mapping.taken(), taken);
    const auto page = mapping.mapper.find(0x10000);
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(*page, Mapping::page(taken - 1));
    EXPECT_EQ(mapping.pages.content(*page).offset, offset);
  }
}

TEST(PageMapper, FindsPagesByTheirAddressAlone) {
  Mapping mapping;
  EXPECT_FALSE(mapping.mapper.find(0x10000).has_value());
  ASSERT_TRUE(mapping.mapper.map(0x10000, of_role(PageRole::eapp), OnMapped::keep));
  EXPECT_EQ(mapping.mapper.find(0x10000), Mapping::page(3));
  EXPECT_EQ(mapping.mapper.find(0x8000010000), Mapping::page(3));  // the same in 39 bits
  EXPECT_FALSE(mapping.mapper.find(0x11000).has_value());
  EXPECT_FALSE(mapping.mapper.find(0x210000).has_value());
  EXPECT_FALSE(mapping.mapper.find(0x40010000).has_value());
}

TEST(PageMapper, MapsUntrustedPages) {
  for (const OnMapped on_mapped : {OnMapped::keep, OnMapped::replace}) {
    Mapping mapping;
    EXPECT_EQ(mapping.mapper.map_untrusted(0x10000, kUtm.base, on_mapped).value(), true);
    EXPECT_EQ(mapping.mapper.find(0x10000), kUtm.base);
    EXPECT_EQ(mapping.taken(), 3U);  // tables alone
    EXPECT_EQ(mapping.pages.entry(Mapping::page(2), 16) & 0x3ffU, 0xc7U);
  }
}

TEST(PageMapper, MapsUntrustedPagesOverOthersOnlyToReplaceThem) {
  Mapping mapping;
  ASSERT_TRUE(mapping.mapper.map(0x10000, of_role(PageRole::eapp), OnMapped::keep));
  EXPECT_EQ(mapping.mapper.map_untrusted(0x10000, kUtm.base, OnMapped::keep).value(), false);
  EXPECT_EQ(mapping.mapper.find(0x10000), Mapping::page(3));
  EXPECT_EQ(mapping.mapper.map_untrusted(0x10000, kUtm.base, OnMapped::replace).value(), true);
  EXPECT_EQ(mapping.mapper.find(0x10000), kUtm.base);
}

TEST(PageMapper, ReportsThatNoPageIsLeft) {
  for (std::uint64_t pages = 1; pages < 4; ++pages) {
    Mapping mapping(kSv39, {kEpm.base, pages * kPageSize});
    EXPECT_TRUE(fails_with(mapping.mapper.map(0, of_role(PageRole::eapp), OnMapped::keep),
                           ErrorCode::limit_exceeded));
  }
  for (std::uint64_t pages = 1; pages < 3; ++pages) {
    Mapping mapping(kSv39, {kEpm.base, pages * kPageSize});
    EXPECT_TRUE(fails_with(mapping.mapper.reserve_tables(0, 1), ErrorCode::limit_exceeded));
    EXPECT_TRUE(fails_with(mapping.mapper.map_untrusted(0, kUtm.base, OnMapped::keep),
                           ErrorCode::limit_exceeded));
  }
}

}  // namespace
}  // namespace keystone::page_mapper_test
