// SPDX-License-Identifier: Apache-2.0
#include "ed25519/table.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>

namespace keystone::detail::ed25519 {
namespace {

constexpr std::size_t kGroup = 64;  // points that share an inversion

// The multiples j 2^(width i) P in the order of the table.
std::vector<Extended> multiples_of(const Extended& point, unsigned width) {
  const std::size_t in_window = std::size_t{1} << (width - 1);
  std::vector<Extended> multiples;
  multiples.reserve(window_count(width) * in_window);
  Extended start = point;
  for (unsigned i = 0; i < window_count(width); ++i) {
    const Cached step = to_cached(start);
    multiples.push_back(start);
    for (std::size_t j = 1; j < in_window; ++j) {
      multiples.push_back(to_extended(add(multiples.back(), step)));
    }
    start = to_extended(twice(without_t(multiples.back())));  // 2 2^(width - 1) = 2^width
  }
  return multiples;
}

void append_affine(std::span<const Extended> points, std::vector<Niels>& entries) {
  std::array<Field, kGroup> inverses{};
  std::transform(points.begin(), points.end(), inverses.begin(),
                 [](const Extended& point) { return point.z; });
  invert_all(std::span(inverses).first(points.size()));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Field x = multiply(points[i].x, inverses[i]);
    const Field y = multiply(points[i].y, inverses[i]);
    entries.push_back(to_niels({x, y, kOne, multiply(x, y)}));
  }
}

}  // namespace

KeyTable::KeyTable(const Extended& point, unsigned width) : width_(width) {
  KEYSTONE_ASSERT(width >= kMinWindow && width <= kMaxWindow);
  const auto multiples = multiples_of(point, width);
  entries_.reserve(multiples.size());
  for (std::size_t from = 0; from < multiples.size(); from += kGroup) {
    const std::size_t count = std::min(kGroup, multiples.size() - from);
    append_affine(std::span(multiples).subspan(from, count), entries_);
  }
}

const KeyTable& base_table() {
  static const KeyTable table(base_point(), kMaxWindow);
  return table;
}

}  // namespace keystone::detail::ed25519
