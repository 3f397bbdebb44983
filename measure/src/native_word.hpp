// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/assert.hpp"
#include "keystone/measure/profile.hpp"

#include <array>
#include <cstdint>

namespace keystone {

// A value, which must fit a word of that width, as the machine stores it: the first size_of(width)
// bytes.
[[nodiscard]] inline std::array<std::uint8_t, 8> native_word(std::uint64_t value, Word width) {
  KEYSTONE_ASSERT(width == Word::bits64 || value <= UINT32_MAX);
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  return bytes;
}

}  // namespace keystone
