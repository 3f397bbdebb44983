// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/explain.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

// Where each measured page is drawn: the geometry that the picture (memory_map_svg.hpp) and the
// script of the page share. Pure, and exact: all scales are powers of two.
namespace keystone::cli {

// In map units. The map starts at 0, 0 and grows to the right and downwards.
struct MapPoint {
  double x;
  double y;

  friend bool operator==(const MapPoint&, const MapPoint&) = default;
};

struct MapBox {
  double x;
  double y;
  double width;
  double height;
};

// The corners of an area, each joined to the next and the last to the first.
using MapOutline = std::vector<MapPoint>;

// Ranges whose addresses follow each other. A run starts a row of the map.
struct MapRun {
  std::uint64_t address;
  std::uint64_t size;  // in bytes
  // Bytes of address space between the run before and this one, if that one lies below.
  std::optional<std::uint64_t> gap;
  std::size_t first_range;  // its ranges are [first_range, end_range)
  std::size_t end_range;
  std::uint64_t first_page;  // counted from 0 in the order in which pages are measured
  double top;                // of its first row
};

// What is drawn of a range.
struct MapShape {
  std::vector<MapOutline> all;    // one area, or two that do not touch
  std::vector<MapOutline> zeros;  // the part of it that no file has
  MapBox widest;                  // the largest box in it: room for a label
};

// Every page is a square of the same size and every row has the same number of pages, so that equal
// numbers of bytes have equal areas. Within a page, bytes go from left to right.
class MemoryMap {
 public:
  static constexpr double kWidth = 1024;       // of a row
  static constexpr double kGapHeight = 40;     // room before each run but the first
  static constexpr unsigned kMinColumns = 16;  // so that few pages are not drawn huge

  // `ranges` must outlive the map.
  explicit MemoryMap(const std::vector<MeasuredRange>& ranges);

  // Pages in a row: the least power of two with which the map is about as high as it is wide.
  [[nodiscard]] std::uint64_t columns() const { return columns_; }
  [[nodiscard]] std::uint64_t row_size() const { return columns_ * kPageSize; }  // in bytes
  [[nodiscard]] double cell() const { return kWidth / static_cast<double>(columns_); }
  [[nodiscard]] double height() const { return height_; }
  // In the order in which they are measured.
  [[nodiscard]] const std::vector<MapRun>& runs() const { return runs_; }
  [[nodiscard]] std::uint64_t rows(const MapRun& run) const;

  // Of one of the run's ranges, by its number.
  [[nodiscard]] MapShape shape(const MapRun& run, std::size_t range) const;

 private:
  struct Span {  // of a run's bytes
    std::uint64_t begin;
    std::uint64_t end;
  };

  void add_run(std::size_t range);
  [[nodiscard]] MapBox box(const MapRun& run, std::uint64_t row, std::uint64_t rows,
                           Span in_row) const;
  void add_outlines(const MapRun& run, Span span, std::vector<MapOutline>& outlines) const;
  [[nodiscard]] MapBox widest_box(const MapRun& run, Span span) const;

  const std::vector<MeasuredRange>& ranges_;
  std::uint64_t columns_ = kMinColumns;
  double height_ = 0;
  std::vector<MapRun> runs_;
};

}  // namespace keystone::cli
