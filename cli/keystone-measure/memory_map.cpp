// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/memory_map.hpp"

#include <algorithm>
#include <initializer_list>

namespace keystone::cli {
namespace {

std::uint64_t pages_in(const std::vector<MeasuredRange>& ranges) {
  std::uint64_t pages = 0;
  for (const MeasuredRange& range : ranges) {
    pages += range.size / kPageSize;
  }
  return pages;
}

MapOutline corners_of(const MapBox& box) {
  const double right = box.x + box.width;
  const double bottom = box.y + box.height;
  return {{box.x, box.y}, {right, box.y}, {right, bottom}, {box.x, bottom}};
}

}  // namespace

MemoryMap::MemoryMap(const std::vector<MeasuredRange>& ranges) : ranges_(ranges) {
  const std::uint64_t pages = pages_in(ranges);
  while (columns_ < pages / columns_) {
    columns_ *= 2;
  }
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const bool follows =
        !runs_.empty() && ranges[i].address == runs_.back().address + runs_.back().size;
    if (!follows) {
      add_run(i);
    }
    runs_.back().size += ranges[i].size;
    runs_.back().end_range = i + 1;
  }
  if (!runs_.empty()) {
    height_ = runs_.back().top + static_cast<double>(rows(runs_.back())) * cell();
  }
}

std::uint64_t MemoryMap::rows(const MapRun& run) const {
  return run.size / row_size() + (run.size % row_size() == 0 ? 0 : 1);
}

void MemoryMap::add_run(std::size_t range) {
  const std::uint64_t address = ranges_[range].address;
  if (runs_.empty()) {
    runs_.push_back({address, 0, {}, range, range, 0, 0});
    return;
  }
  const MapRun& last = runs_.back();
  const double top = last.top + static_cast<double>(rows(last)) * cell() + kGapHeight;
  const std::uint64_t end = last.address + last.size;
  const auto gap = address > end ? std::optional(address - end) : std::nullopt;
  runs_.push_back({address, 0, gap, range, range, last.first_page + last.size / kPageSize, top});
}

MapShape MemoryMap::shape(const MapRun& run, std::size_t range) const {
  const MeasuredRange& drawn = ranges_[range];
  const std::uint64_t begin = drawn.address - run.address;
  const std::uint64_t file_begin = begin + drawn.zeros_before;
  const std::uint64_t end = begin + drawn.size;
  MapShape shape{{}, {}, widest_box(run, {begin, end})};
  add_outlines(run, {begin, end}, shape.all);
  add_outlines(run, {begin, file_begin}, shape.zeros);
  add_outlines(run, {file_begin + drawn.file_bytes, end}, shape.zeros);
  return shape;
}

MapBox MemoryMap::box(const MapRun& run, std::uint64_t row, std::uint64_t rows, Span in_row) const {
  const double byte = cell() / static_cast<double>(kPageSize);
  return {static_cast<double>(in_row.begin) * byte, run.top + static_cast<double>(row) * cell(),
          static_cast<double>(in_row.end - in_row.begin) * byte,
          static_cast<double>(rows) * cell()};
}

void MemoryMap::add_outlines(const MapRun& run, Span span,
                             std::vector<MapOutline>& outlines) const {
  if (span.begin == span.end) {
    return;
  }
  const std::uint64_t first_row = span.begin / row_size();
  const std::uint64_t last_row = (span.end - 1) / row_size();
  const std::uint64_t from = span.begin % row_size();
  const std::uint64_t to = (span.end - 1) % row_size() + 1;
  if (first_row == last_row) {
    outlines.push_back(corners_of(box(run, first_row, 1, {from, to})));
    return;
  }
  const MapBox first = box(run, first_row, 1, {from, row_size()});
  const MapBox last = box(run, last_row, 1, {0, to});
  if (last_row == first_row + 1 && to <= from) {
    outlines.push_back(corners_of(first));
    outlines.push_back(corners_of(last));
    return;
  }
  outlines.push_back({{first.x, first.y},
                      {kWidth, first.y},
                      {kWidth, last.y},
                      {last.width, last.y},
                      {last.width, last.y + cell()},
                      {0, last.y + cell()},
                      {0, first.y + cell()},
                      {first.x, first.y + cell()}});
}

MapBox MemoryMap::widest_box(const MapRun& run, Span span) const {
  const std::uint64_t first_row = span.begin / row_size();
  const std::uint64_t last_row = (span.end - 1) / row_size();
  const std::uint64_t from = span.begin % row_size();
  const std::uint64_t to = (span.end - 1) % row_size() + 1;
  if (first_row == last_row) {
    return box(run, first_row, 1, {from, to});
  }
  const MapBox first = box(run, first_row, 1, {from, row_size()});
  const MapBox middle = box(run, first_row + 1, last_row - first_row - 1, {0, row_size()});
  const MapBox last = box(run, last_row, 1, {0, to});
  return std::max({first, middle, last}, [](const MapBox& a, const MapBox& b) {
    return a.width * a.height < b.width * b.height;
  });
}

}  // namespace keystone::cli
