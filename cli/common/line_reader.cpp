// SPDX-License-Identifier: Apache-2.0
#include "common/line_reader.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>

namespace keystone::cli {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{1} << 20U;  // bytes that are read at once

}  // namespace

Status LineReader::fill() {
  chunk_.resize(narrow<std::size_t>(std::min(kChunk, file_.size() - offset_)));
  const std::span bytes(reinterpret_cast<std::uint8_t*>(chunk_.data()), chunk_.size());
  KEYSTONE_CHECK_OK(file_.read_at(offset_, bytes));
  offset_ += chunk_.size();
  rest_ = chunk_;
  return {};
}

Result<std::optional<LineReader::Line>> LineReader::next() {
  if (rest_.empty() && offset_ == file_.size()) {
    return std::optional<Line>();
  }
  line_.clear();
  std::uint64_t size = 0;
  while (true) {
    if (rest_.empty()) {
      if (offset_ == file_.size()) {
        return std::optional(Line{line_, size});
      }
      KEYSTONE_CHECK_OK(fill());
    }
    const std::size_t end = rest_.find('\n');
    const std::string_view piece = rest_.substr(0, end);
    line_ += piece.substr(0, std::min(piece.size(), longest_ - line_.size()));
    size += piece.size();
    rest_.remove_prefix(std::min(piece.size() + 1, rest_.size()));
    if (end != std::string_view::npos) {
      return std::optional(Line{line_, size});
    }
  }
}

}  // namespace keystone::cli
