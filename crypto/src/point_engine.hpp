// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

// The arithmetic of edwards25519 that verification needs: the one seam behind which engines are
// exchanged. Points are in their 32-byte encoding, y taken mod p; scalars are little-endian.
namespace keystone::detail {

using PointBytes = std::span<const std::uint8_t, 32>;
using Scalar = std::array<std::uint8_t, 32>;

[[nodiscard]] bool is_on_curve(PointBytes point);

// Whether the point is in the prime-order group. Requires a canonical encoding of a point on the
// curve that has no small order.
[[nodiscard]] bool is_in_prime_order_group(PointBytes point);

// Whether `scalar` is less than L, the order of that group.
[[nodiscard]] bool is_reduced(std::span<const std::uint8_t, 32> scalar);

// The number mod L.
[[nodiscard]] Scalar reduce(std::span<const std::uint8_t, 64> number);

// encode(s B - k a), B the base point. Requires reduced scalars, and `a` in the prime-order group.
[[nodiscard]] std::array<std::uint8_t, 32> combine(std::span<const std::uint8_t, 32> s,
                                                   const Scalar& k, PointBytes a);

}  // namespace keystone::detail
