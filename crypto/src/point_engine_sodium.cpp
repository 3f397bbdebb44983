// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/assert.hpp"
#include "point_engine.hpp"

#include <algorithm>

#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_scalarmult_ed25519.h>

namespace keystone::detail {
namespace {

using Point = ed25519::EncodedPoint;

constexpr Point kIdentity = {1};

bool is_zero(const Scalar& scalar) {
  return std::all_of(scalar.begin(), scalar.end(), [](std::uint8_t byte) { return byte == 0; });
}

// libsodium refuses a scalar of zero and an identity as the product, which cannot come about
// otherwise: both have prime order.
Point times_base(const Scalar& scalar) {
  Point product = kIdentity;
  if (!is_zero(scalar)) {
    KEYSTONE_ASSERT(crypto_scalarmult_ed25519_base_noclamp(product.data(), scalar.data()) == 0);
  }
  return product;
}

Point times(const Scalar& scalar, const Point& point) {
  Point product = kIdentity;
  if (!is_zero(scalar)) {
    KEYSTONE_ASSERT(
        crypto_scalarmult_ed25519_noclamp(product.data(), scalar.data(), point.data()) == 0);
  }
  return product;
}

bool is_on_curve(const Point& point) {
  Point doubled{};
  return crypto_core_ed25519_add(doubled.data(), point.data(), point.data()) == 0;
}

// libsodium's own answer takes points of order 2 L for valid before its fix for CVE-2025-69277, so
// it is not left alone with the question: in the group of order L, and only there, (L - 1) A = -A.
bool is_in_prime_order_group(const Point& point) {
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
  return point == product;
}

PointResult combine_one(const PointJob& job) {
  if (!is_on_curve(*job.key)) {
    return {KeyFault::not_on_curve, {}};
  }
  if (!is_in_prime_order_group(*job.key)) {
    return {KeyFault::mixed_order, {}};
  }
  const Point left = times_base(*job.s);
  const Point right = times(*job.k, *job.key);
  PointResult result{KeyFault::none, {}};
  KEYSTONE_ASSERT(crypto_core_ed25519_sub(result.encoded.data(), left.data(), right.data()) == 0);
  return result;
}

class SodiumEngine final : public PointEngine {
 public:
  [[nodiscard]] bool is_reduced(std::span<const std::uint8_t, 32> number) const override {
    std::array<std::uint8_t, 64> wide{};
    std::copy(number.begin(), number.end(), wide.begin());
    const Scalar reduced = reduce(wide);
    return std::equal(number.begin(), number.end(), reduced.begin());
  }

  [[nodiscard]] Scalar reduce(std::span<const std::uint8_t, 64> number) const override {
    Scalar reduced{};
    crypto_core_ed25519_scalar_reduce(reduced.data(), number.data());
    return reduced;
  }

  [[nodiscard]] bool takes_tables() const override { return false; }

  void combine(std::span<const PointJob> jobs, std::span<PointResult> results) const override {
    KEYSTONE_ASSERT(jobs.size() == results.size());
    std::transform(jobs.begin(), jobs.end(), results.begin(), combine_one);
  }
};

}  // namespace

const PointEngine& sodium_engine() {
  static const SodiumEngine engine;
  return engine;
}

}  // namespace keystone::detail
