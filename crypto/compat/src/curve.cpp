// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto_compat/curve.hpp"

#include "keystone/crypto/digest.hpp"

#include <algorithm>
#include <stdexcept>

#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_scalarmult_ed25519.h>

namespace keystone::compat {
namespace {

constexpr std::uint8_t kSignBit = 0x80;

Bytes32 reduced(std::span<const std::uint8_t, 64> number) {
  Bytes32 remainder{};
  crypto_core_ed25519_scalar_reduce(remainder.data(), number.data());
  return remainder;
}

Bytes32 reduced(View32 number) {
  std::array<std::uint8_t, 64> wide{};
  std::copy(number.begin(), number.end(), wide.begin());
  return reduced(wide);
}

Bytes32 with_sign(Bytes32 point) {
  point[31] |= kSignBit;
  return point;
}

// p plus `above`, which is less than 19.
Bytes32 field_order_plus(unsigned above) {
  Bytes32 y{};
  y.fill(0xff);
  y[0] = static_cast<std::uint8_t>(0xed + above);
  y[31] = 0x7f;
  return y;
}

}  // namespace

bool is_on_curve(View32 point) {
  Bytes32 ignored{};
  return crypto_core_ed25519_add(ignored.data(), point.data(), point.data()) == 0;
}

Bytes32 add(View32 a, View32 b) {
  Bytes32 point{};
  if (crypto_core_ed25519_add(point.data(), a.data(), b.data()) != 0) {
    throw std::domain_error("a point is not on the curve");
  }
  return point;
}

Bytes32 subtract(View32 a, View32 b) {
  Bytes32 point{};
  if (crypto_core_ed25519_sub(point.data(), a.data(), b.data()) != 0) {
    throw std::domain_error("a point is not on the curve");
  }
  return point;
}

Bytes32 times(View32 number, View32 point) {
  Bytes32 product = kIdentity;
  for (std::size_t bit = 256; bit-- > 0;) {
    product = product == kIdentity ? kIdentity : add(product, product);
    if ((number[bit / 8] >> bit % 8 & 1U) != 0) {
      product = add(product, point);
    }
  }
  return product;
}

// B has order L, so that the number may be reduced. libsodium calls a zero a failure.
Bytes32 times_base(View32 number) {
  const Bytes32 scalar = reduced(number);
  Bytes32 product{};
  if (crypto_scalarmult_ed25519_base_noclamp(product.data(), scalar.data()) != 0) {
    return kIdentity;
  }
  return product;
}

Bytes32 sum(View32 a, View32 b) {
  Bytes32 total{};
  unsigned carry = 0;
  for (std::size_t i = 0; i < total.size(); ++i) {
    carry += unsigned{a[i]} + b[i];
    total[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8U;
  }
  if (carry != 0) {
    throw std::overflow_error("a sum of 2^256 or more");
  }
  return total;
}

// L times any point has an order that divides 8; of half of all points it has order 8.
std::array<Bytes32, 8> torsion_points() {
  std::array<Bytes32, 8> points{};
  Bytes32 candidate{};
  const Bytes32 four = {4};
  do {
    ++candidate[0];
    points[1] = is_on_curve(candidate) ? times(kGroupOrder, candidate) : kIdentity;
  } while (times(four, points[1]) == kIdentity);
  points[0] = kIdentity;
  for (std::size_t i = 2; i < points.size(); ++i) {
    points[i] = add(points[i - 1], points[1]);
  }
  return points;
}

std::vector<Bytes32> small_order_encodings() {
  const auto points = torsion_points();
  std::vector<Bytes32> all(points.begin(), points.end());
  for (const Bytes32& point : {points[0], points[4]}) {  // x = 0
    all.push_back(with_sign(point));
  }
  for (const unsigned y : {0U, 1U}) {
    all.push_back(field_order_plus(y));
    all.push_back(with_sign(field_order_plus(y)));
  }
  return all;
}

std::vector<Bytes32> non_canonical_encodings() {
  std::vector<Bytes32> all;
  for (unsigned above = 0; above < 19; ++above) {
    all.push_back(field_order_plus(above));
    all.push_back(with_sign(field_order_plus(above)));
  }
  return all;
}

Bytes32 challenge(View32 r, View32 key, ByteView message) {
  auto hash = Sha3_512::create().value();
  hash.update(r);
  hash.update(key);
  hash.update(message);
  return reduced(std::move(hash).finish().bytes());
}

Signature Signer::sign(ByteView message) const {
  const Bytes32 k = challenge(commitment, key, message);
  const Bytes32 scalar = reduced(a);
  Bytes32 product{};
  Bytes32 s{};
  crypto_core_ed25519_scalar_mul(product.data(), k.data(), scalar.data());
  crypto_core_ed25519_scalar_add(s.data(), product.data(), r.data());
  std::array<std::uint8_t, Signature::kSize> signature{};
  std::copy(s.begin(), s.end(), std::copy(commitment.begin(), commitment.end(), signature.begin()));
  return Signature(signature);
}

}  // namespace keystone::compat
