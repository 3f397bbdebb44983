// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

#include <cstdint>
#include <vector>

namespace keystone::channel::detail {

// The number in `bytes`, of which there are at most 8.
[[nodiscard]] inline std::uint64_t read_little_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    value = value << 8U | *byte;
  }
  return value;
}

// The lowest `size` bytes of `value`, at most 8.
inline void append_little_endian(std::vector<std::uint8_t>& out, std::uint64_t value,
                                 std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }
}

inline void append(std::vector<std::uint8_t>& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace keystone::channel::detail
