// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/field.hpp"

#include <optional>

// Points of edwards25519: -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032, section 5.1), in variable time: for
// public points alone. All formulas are complete: they hold for every pair of points of the curve,
// those of small order included (-1 is a square mod p, and d is not).
namespace keystone::detail::ed25519 {

using PointBytes = std::span<const std::uint8_t, 32>;
using EncodedPoint = std::array<std::uint8_t, 32>;

// Extended coordinates (RFC 8032, section 5.1.4): x = X / Z, y = Y / Z, x y = T / Z; all tight.
struct Extended {
  Field x;
  Field y;
  Field z;
  Field t;
};

// The same without T, from which doublings start.
struct Projective {
  Field x;
  Field y;
  Field z;
};

// What formulas of sums and doublings give: E, F, G and H of RFC 8032, section 5.1.4, all loose.
struct Completed {
  Field e;
  Field f;
  Field g;
  Field h;
};

// An affine point as a summand; canonical. 128 bytes on cache lines of their own, so that vector
// code may load an entry as two vectors of eight numbers: y + x, y - x, 2 d x y, and a zero.
struct alignas(64) Niels {
  Field y_plus_x;
  Field y_minus_x;
  Field xy2d;
  std::uint64_t padding = 0;
};
static_assert(sizeof(Niels) == 128);

// Any point as a summand: Y + X, Y - X (loose), 2 Z (a sum), 2 d T (tight).
struct Cached {
  Field y_plus_x;
  Field y_minus_x;
  Field z2;
  Field t2d;
};

inline constexpr Extended kIdentity = {kZero, kOne, kOne, kZero};
inline constexpr Niels kIdentityNiels = {kOne, kOne, kZero};

// d = -121665 / 121666 and 2 d, canonical (RFC 8032, section 5.1; the tests compute them).
inline constexpr Field kD = {
    {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
inline constexpr Field kTwiceD = {
    {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};

[[nodiscard]] inline Extended to_extended(const Completed& a) {
  return {multiply(a.e, a.f), multiply(a.g, a.h), multiply(a.f, a.g), multiply(a.e, a.h)};
}

[[nodiscard]] inline Projective to_projective(const Completed& a) {
  return {multiply(a.e, a.f), multiply(a.g, a.h), multiply(a.f, a.g)};
}

[[nodiscard]] inline Cached to_cached(const Extended& a) {
  return {add(a.y, a.x), subtract(a.y, a.x), add(a.z, a.z), multiply(a.t, kTwiceD)};
}

[[nodiscard]] inline Extended negate(const Extended& a) {
  return {tighten(negate(a.x)), a.y, a.z, tighten(negate(a.t))};
}
[[nodiscard]] inline Cached negate(const Cached& a) {
  return {a.y_minus_x, a.y_plus_x, a.z2, negate(a.t2d)};
}

// 2 a: RFC 8032, section 5.1.4 ("dbl-2008-hwcd" of the EFD). `a` is tight.
[[nodiscard]] inline Completed twice(const Projective& a) {
  const Field xx = square(a.x);
  const Field yy = square(a.y);
  const Field zz = square(a.z);
  const Field h = add(xx, yy);                         // < 2^52 + 2^14
  const Field e = subtract(h, square(add(a.x, a.y)));  // < 2^52 + 2^14 + 2^53
  const Field g = subtract(xx, yy);                    // < 2^51 + 2^13 + 2^53
  return {e, add(add(zz, zz), g), g, h};               // f < 3 (2^51 + 2^13) + 2^53 < 2^54
}

namespace internal {

// The common end of both sums: H = B + A and so on, with A, B and C tight and D a sum.
[[nodiscard]] inline Completed complete(const Field& a, const Field& b, const Field& c,
                                        const Field& d) {
  return {subtract(b, a), subtract(d, c), add(d, c), add(b, a)};
}

}  // namespace internal

// a + b: RFC 8032, section 5.1.4 ("add-2008-hwcd-3" of the EFD).
[[nodiscard]] inline Completed add(const Extended& a, const Cached& b) {
  return internal::complete(multiply(subtract(a.y, a.x), b.y_minus_x),
                            multiply(add(a.y, a.x), b.y_plus_x), multiply(a.t, b.t2d),
                            multiply(a.z, b.z2));
}

// The same with Z2 = 1 ("madd-2008-hwcd-3" of the EFD).
[[nodiscard]] inline Completed add(const Extended& a, const Niels& b) {
  return internal::complete(multiply(subtract(a.y, a.x), b.y_minus_x),
                            multiply(add(a.y, a.x), b.y_plus_x), multiply(a.t, b.xy2d),
                            add(a.z, a.z));
}

// a - b: the same with -b, whose sum and difference change places and whose 2 d x y has the other
// sign.
[[nodiscard]] inline Completed subtract(const Extended& a, const Niels& b) {
  const Field left = multiply(subtract(a.y, a.x), b.y_plus_x);
  const Field right = multiply(add(a.y, a.x), b.y_minus_x);
  const Field c = multiply(a.t, b.xy2d);
  const Field d = add(a.z, a.z);
  return {subtract(right, left), add(d, c), subtract(d, c), add(right, left)};
}

[[nodiscard]] inline Projective without_t(const Extended& a) {
  return {a.x, a.y, a.z};
}

// The point with that encoding (RFC 8032, section 5.1.3), or nothing if it is not on the curve.
// Requires a canonical encoding: y < p, and no sign bit where x = 0. `z` is 1.
[[nodiscard]] std::optional<Extended> decode(PointBytes bytes);

// RFC 8032, section 5.1.2.
[[nodiscard]] EncodedPoint encode(const Extended& a);

// The encodings of as many points, with one inversion for 64.
void encode_all(std::span<const Extended> points, std::span<EncodedPoint> encoded);

// As a summand; z must be 1.
[[nodiscard]] Niels to_niels(const Extended& affine);

[[nodiscard]] bool is_identity(const Extended& a);

// The generator of the prime-order group (RFC 8032, section 5.1).
[[nodiscard]] const Extended& base_point();

}  // namespace keystone::detail::ed25519
