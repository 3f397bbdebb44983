// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/memory_map.hpp"

#include "explain_html_support.hpp"

#include <gtest/gtest.h>

namespace keystone::cli {
namespace {

// By the shoelace formula.
double area_of(const std::vector<MapOutline>& outlines) {
  double twice = 0;
  for (const MapOutline& outline : outlines) {
    for (std::size_t i = 0; i < outline.size(); ++i) {
      const MapPoint& a = outline[i];
      const MapPoint& b = outline[(i + 1) % outline.size()];
      twice += a.x * b.y - b.x * a.y;
    }
  }
  return twice / 2;
}

// Whether the point lies in one of the outlines: a ray to the right crosses one an odd number of
// times.
bool holds(const std::vector<MapOutline>& outlines, MapPoint point) {
  bool inside = false;
  for (const MapOutline& outline : outlines) {
    for (std::size_t i = 0; i < outline.size(); ++i) {
      const MapPoint& a = outline[i];
      const MapPoint& b = outline[(i + 1) % outline.size()];
      const bool crosses = (a.y > point.y) != (b.y > point.y) && a.x > point.x;
      inside = inside != crosses;
    }
  }
  return inside;
}

struct Drawn {
  std::vector<MapShape> shapes;
  std::size_t cells = 0;  // of the runs' rows, up to the last page
};

Drawn draw(const MemoryMap& map) {
  Drawn drawn;
  for (const MapRun& run : map.runs()) {
    for (std::size_t i = run.first_range; i < run.end_range; ++i) {
      drawn.shapes.push_back(map.shape(run, i));
    }
    drawn.cells += run.size / kPageSize;
  }
  return drawn;
}

// Sizes around a row of 16 pages, in runs with and without gaps.
std::vector<MeasuredRange> many_ranges() {
  std::vector<MeasuredRange> ranges;
  std::uint64_t address = 0x10000;
  for (std::uint64_t pages = 1; pages <= 34; ++pages) {
    ranges.push_back(range_of(address, pages));
    address += pages * kPageSize + (pages % 5 == 0 ? kPageSize : 0);
  }
  return ranges;
}

TEST(MemoryMap, EqualBytesHaveEqualAreas) {
  const auto ranges = many_ranges();
  const MemoryMap map(ranges);
  const Drawn drawn = draw(map);
  ASSERT_EQ(drawn.shapes.size(), ranges.size());
  const double page = map.cell() * map.cell();
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_EQ(area_of(drawn.shapes[i].all), page * static_cast<double>(ranges[i].size / kPageSize))
        << i;
  }
}

TEST(MemoryMap, EachPageIsOneCellAndEachCellOnePage) {
  const auto ranges = many_ranges();
  const MemoryMap map(ranges);
  const Drawn drawn = draw(map);
  for (const MapRun& run : map.runs()) {
    for (std::uint64_t cell = 0; cell < map.rows(run) * map.columns(); ++cell) {
      const MapPoint middle{
          (static_cast<double>(cell % map.columns()) + 0.5) * map.cell(),
          run.top + (static_cast<double>(cell / map.columns()) + 0.5) * map.cell()};
      const std::uint64_t address = run.address + cell * kPageSize;
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        const bool is_its_page =
            address - ranges[i].address < ranges[i].size && cell * kPageSize < run.size;
        EXPECT_EQ(holds(drawn.shapes[i].all, middle), is_its_page) << cell << " " << i;
      }
    }
  }
}

TEST(MemoryMap, NoOutlineLeavesTheMap) {
  const auto ranges = many_ranges();
  const MemoryMap map(ranges);
  for (const MapShape& shape : draw(map).shapes) {
    for (const MapOutline& outline : shape.all) {
      for (const MapPoint& point : outline) {
        EXPECT_TRUE(point.x >= 0 && point.x <= MemoryMap::kWidth);
        EXPECT_TRUE(point.y >= 0 && point.y <= map.height());
      }
    }
  }
}

TEST(MemoryMap, PartsThatDoNotTouchAreTwoOutlines) {
  const std::vector<MeasuredRange> ranges = {range_of(0, 10), range_of(0xa000, 8),
                                             range_of(0x12000, 14)};
  const MemoryMap map(ranges);
  EXPECT_EQ(map.shape(map.runs()[0], 0).all.size(), 1U);
  EXPECT_EQ(map.shape(map.runs()[0], 1).all.size(), 2U);  // 6 pages of a row, 2 of the next
  EXPECT_EQ(map.shape(map.runs()[0], 2).all.size(), 1U);
}

TEST(MemoryMap, AnEnclaveOfOnePageIsOneCell) {
  const std::vector<MeasuredRange> ranges = {range_of(0x10000, 1)};
  const MemoryMap map(ranges);
  EXPECT_EQ(map.columns(), MemoryMap::kMinColumns);
  EXPECT_EQ(map.height(), map.cell());
  const MapOutline cell = {{0, 0}, {map.cell(), 0}, {map.cell(), map.cell()}, {0, map.cell()}};
  EXPECT_EQ(map.shape(map.runs()[0], 0).all, std::vector<MapOutline>(1, cell));
}

TEST(MemoryMap, NothingIsDrawnOfNothing) {
  const std::vector<MeasuredRange> ranges;
  const MemoryMap map(ranges);
  EXPECT_TRUE(map.runs().empty());
  EXPECT_EQ(map.height(), 0);
}

TEST(MemoryMap, AddressesThatDoNotFollowStartARun) {
  const std::vector<MeasuredRange> ranges = {range_of(0x10000, 1), range_of(0x11000, 2),
                                             range_of(0x14000, 1), range_of(0x2000, 1)};
  const MemoryMap map(ranges);
  ASSERT_EQ(map.runs().size(), 3U);
  EXPECT_EQ(map.runs()[0].gap, std::nullopt);
  EXPECT_EQ(map.runs()[1].gap, 0x1000U);
  EXPECT_EQ(map.runs()[2].gap, std::nullopt);  // lower: no gap can be told
  EXPECT_EQ(map.runs()[1].first_page, 3U);
  EXPECT_EQ(map.runs()[2].first_page, 4U);
  EXPECT_EQ(map.runs()[1].top, map.cell() + MemoryMap::kGapHeight);
}

TEST(MemoryMap, TheEndOfTheAddressSpaceIsDrawn) {
  const std::vector<MeasuredRange> ranges = {range_of(0x1000, 1), range_of(0xffffffffffffe000, 2)};
  const MemoryMap map(ranges);
  ASSERT_EQ(map.runs().size(), 2U);
  EXPECT_EQ(map.runs()[1].gap, 0xffffffffffffc000U);
  EXPECT_EQ(area_of(map.shape(map.runs()[1], 1).all), 2 * map.cell() * map.cell());
}

TEST(MemoryMap, ZerosAreToScaleWithinAPage) {
  std::vector<MeasuredRange> ranges = {range_of(0, 1), range_of(0x1000, 20)};
  ranges[1].zeros_before = 1024;
  ranges[1].file_bytes = 3 * kPageSize;
  const MemoryMap map(ranges);
  const double byte = map.cell() * map.cell() / static_cast<double>(kPageSize);
  EXPECT_TRUE(map.shape(map.runs()[0], 0).zeros.empty());
  const MapShape shape = map.shape(map.runs()[0], 1);
  EXPECT_EQ(area_of(shape.zeros), byte * static_cast<double>(17 * kPageSize));
  const auto at_byte = [&](double offset) {
    return MapPoint{map.cell() + offset * map.cell() / static_cast<double>(kPageSize), 1};
  };
  EXPECT_TRUE(holds(shape.zeros, at_byte(1023.5)));
  EXPECT_FALSE(holds(shape.zeros, at_byte(1024.5)));
  EXPECT_FALSE(holds(shape.zeros, at_byte(1024 + 3 * 4096 - 0.5)));
  EXPECT_TRUE(holds(shape.zeros, at_byte(1024 + 3 * 4096 + 0.5)));
}

TEST(MemoryMap, AMapIsAboutAsHighAsWide) {
  for (const std::uint64_t pages : {1025U, 16384U, 65536U, 1U << 20U}) {
    const std::vector<MeasuredRange> ranges = {range_of(0, pages)};
    const MemoryMap map(ranges);
    EXPECT_GE(map.height(), MemoryMap::kWidth / 4) << pages;
    EXPECT_LE(map.height(), MemoryMap::kWidth * 2) << pages;
  }
}

}  // namespace
}  // namespace keystone::cli
