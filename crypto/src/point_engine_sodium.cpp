// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/assert.hpp"
#include "point_engine.hpp"

#include <algorithm>

#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_scalarmult_ed25519.h>

namespace keystone::detail {
namespace {

using Point = std::array<std::uint8_t, 32>;

constexpr Point kIdentity = {1};

bool is_zero(std::span<const std::uint8_t, 32> scalar) {
  return std::all_of(scalar.begin(), scalar.end(), [](std::uint8_t byte) { return byte == 0; });
}

// libsodium refuses a scalar of zero and an identity as the product, which cannot come about
// otherwise: both have prime order.
Point times_base(std::span<const std::uint8_t, 32> scalar) {
  Point product = kIdentity;
  if (!is_zero(scalar)) {
    KEYSTONE_ASSERT(crypto_scalarmult_ed25519_base_noclamp(product.data(), scalar.data()) == 0);
  }
  return product;
}

Point times(const Scalar& scalar, PointBytes point) {
  Point product = kIdentity;
  if (!is_zero(scalar)) {
    KEYSTONE_ASSERT(
        crypto_scalarmult_ed25519_noclamp(product.data(), scalar.data(), point.data()) == 0);
  }
  return product;
}

}  // namespace

bool is_on_curve(PointBytes point) {
  Point doubled{};
  return crypto_core_ed25519_add(doubled.data(), point.data(), point.data()) == 0;
}

// libsodium's own answer takes points of order 2 L for valid before its fix for CVE-2025-69277, so
// it is not left alone with the question: in the group of order L, and only there, (L - 1) A = -A.
bool is_in_prime_order_group(PointBytes point) {
  constexpr Scalar kOrderLessOne = {0xec, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                    0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                    0,    0,    0,    0,    0,    0,    0,    0,
                                    0,    0,    0,    0,    0,    0,    0,    0x10};
  Point product{};
  if (crypto_core_ed25519_is_valid_point(point.data()) != 1 ||
      crypto_scalarmult_ed25519_noclamp(product.data(), kOrderLessOne.data(), point.data()) != 0) {
    return false;
  }
  product[31] ^= 0x80;  // -A has the other sign of x
  return std::equal(point.begin(), point.end(), product.begin());
}

Scalar reduce(std::span<const std::uint8_t, 64> number) {
  Scalar reduced{};
  crypto_core_ed25519_scalar_reduce(reduced.data(), number.data());
  return reduced;
}

bool is_reduced(std::span<const std::uint8_t, 32> scalar) {
  std::array<std::uint8_t, 64> wide{};
  std::copy(scalar.begin(), scalar.end(), wide.begin());
  const Scalar reduced = reduce(wide);
  return std::equal(scalar.begin(), scalar.end(), reduced.begin());
}

std::array<std::uint8_t, 32> combine(std::span<const std::uint8_t, 32> s, const Scalar& k,
                                     PointBytes a) {
  const Point left = times_base(s);
  const Point right = times(k, a);
  Point difference{};
  KEYSTONE_ASSERT(crypto_core_ed25519_sub(difference.data(), left.data(), right.data()) == 0);
  return difference;
}

}  // namespace keystone::detail
