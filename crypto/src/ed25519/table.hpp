// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/point.hpp"
#include "ed25519/scalar.hpp"

#include <cstddef>
#include <vector>

namespace keystone::detail::ed25519 {

// The multiples of one point P by which scalar multiplication needs no doublings: for each window i
// of `width` bits the points j 2^(width i) P, j from 1 to 2^(width - 1). Immutable.
class KeyTable {
 public:
  // Requires a width of 4 to 8.
  KeyTable(const Extended& point, unsigned width);

  [[nodiscard]] unsigned width() const { return width_; }
  [[nodiscard]] unsigned windows() const { return window_count(width_); }

  // j 2^(width i) P. Requires i < windows() and 1 <= j <= 2^(width - 1).
  [[nodiscard]] const Niels& at(unsigned i, unsigned j) const {
    return entries_[(std::size_t{i} << (width_ - 1)) + j - 1];
  }

  // All of them, by i and then by j: at(i, j) is entry i 2^(width - 1) + j - 1.
  [[nodiscard]] std::span<const Niels> entries() const { return entries_; }

  // What a table of that width takes, in bytes.
  [[nodiscard]] static std::size_t bytes(unsigned width) {
    return (std::size_t{window_count(width)} << (width - 1)) * sizeof(Niels);
  }

 private:
  unsigned width_;
  std::vector<Niels> entries_;
};

// Of the base point, width 8; made by the first who asks.
[[nodiscard]] const KeyTable& base_table();

}  // namespace keystone::detail::ed25519
