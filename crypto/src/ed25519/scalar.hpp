// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

// Numbers mod L = 2^252 + 27742317777372353535851937790883648493, the order of the prime-order
// group (RFC 8032, section 5.1), little-endian. In variable time: for public numbers alone.
namespace keystone::detail::ed25519 {

using Scalar = std::array<std::uint8_t, 32>;

// L.
inline constexpr Scalar kGroupOrder = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

// Whether the number is below L.
[[nodiscard]] bool is_reduced(std::span<const std::uint8_t, 32> number);

// The number mod L.
[[nodiscard]] Scalar reduce(std::span<const std::uint8_t, 64> number);

// How many windows of `width` bits a reduced scalar has, with the carry of the signed form.
[[nodiscard]] constexpr unsigned window_count(unsigned width) {
  return 252 / width + 1;
}
inline constexpr unsigned kMinWindow = 4;
inline constexpr unsigned kMaxWindow = 8;
inline constexpr unsigned kMaxWindows = window_count(kMinWindow);

// Digits d[i] with scalar = sum(d[i] 2^(width i)) and |d[i]| <= 2^(width - 1), for i below
// window_count(width); zero from there. Requires a reduced scalar and a width of 4 to 8.
[[nodiscard]] std::array<std::int16_t, kMaxWindows> signed_windows(const Scalar& scalar,
                                                                   unsigned width);

// The width-`width` non-adjacent form: digits are zero or odd, below 2^(width - 1) in magnitude,
// and of any `width` neighbours at most one is not zero. For any number below 2^253.
[[nodiscard]] std::array<std::int8_t, 256> non_adjacent_form(const Scalar& scalar, unsigned width);

}  // namespace keystone::detail::ed25519
