// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// Little-endian numbers of 64 bits in bytes, whatever the order of the machine.
namespace keystone::detail::ed25519 {

[[nodiscard]] inline std::uint64_t load_word(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    word |= std::uint64_t{bytes[at + i]} << (8 * i);
  }
  return word;
}

inline void store_word(std::span<std::uint8_t> bytes, std::size_t at, std::uint64_t word) {
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(word >> (8 * i));
  }
}

}  // namespace keystone::detail::ed25519
