// SPDX-License-Identifier: Apache-2.0
#include "ed25519/point.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>

namespace keystone::detail::ed25519 {
namespace {

// A square root of -1, canonical: 2^((p - 1) / 4) (RFC 8032, section 5.1.3; the tests compute it).
constexpr Field kRootOfMinusOne = {
    {0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};

EncodedPoint encode_affine(const Field& x, const Field& y) {
  EncodedPoint bytes = to_bytes(y);
  bytes[31] |= static_cast<std::uint8_t>(is_odd(x) ? 0x80 : 0);
  return bytes;
}

// A root of u / v, if there is one: RFC 8032, section 5.1.3, steps 2 and 3.
std::optional<Field> root_of_quotient(const Field& u, const Field& v) {
  const Field v3 = multiply(square(v), v);
  const Field uv7 = multiply(multiply(square(v3), v), u);
  const Field candidate = multiply(multiply(u, v3), power_for_root(uv7));
  const Field vxx = multiply(v, square(candidate));
  if (equal(vxx, u)) {
    return candidate;
  }
  if (equal(vxx, negate(u))) {
    return multiply(candidate, kRootOfMinusOne);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Extended> decode(PointBytes bytes) {
  const Field y = from_bytes(bytes);
  const Field yy = square(y);
  const auto root = root_of_quotient(tighten(subtract(yy, kOne)), add(multiply(yy, kD), kOne));
  if (!root) {
    return std::nullopt;
  }
  const bool is_odd_wanted = bytes[31] >> 7U != 0;
  const Field x = is_odd(*root) == is_odd_wanted ? *root : tighten(negate(*root));
  return Extended{x, y, kOne, multiply(x, y)};
}

EncodedPoint encode(const Extended& a) {
  const Field inverse = invert(a.z);
  return encode_affine(multiply(a.x, inverse), multiply(a.y, inverse));
}

void encode_all(std::span<const Extended> points, std::span<EncodedPoint> encoded) {
  KEYSTONE_ASSERT(points.size() == encoded.size());
  constexpr std::size_t kGroup = 64;
  for (std::size_t from = 0; from < points.size(); from += kGroup) {
    std::array<Field, kGroup> inverses{};
    const auto group = points.subspan(from, std::min(kGroup, points.size() - from));
    std::transform(group.begin(), group.end(), inverses.begin(),
                   [](const Extended& point) { return point.z; });
    invert_all(std::span(inverses).first(group.size()));
    for (std::size_t i = 0; i < group.size(); ++i) {
      encoded[from + i] =
          encode_affine(multiply(group[i].x, inverses[i]), multiply(group[i].y, inverses[i]));
    }
  }
}

Niels to_niels(const Extended& affine) {
  return {canonical(add(affine.y, affine.x)), canonical(subtract(affine.y, affine.x)),
          canonical(multiply(affine.t, kTwiceD))};
}

bool is_identity(const Extended& a) {
  return equal(a.x, kZero) && equal(a.y, a.z);
}

const Extended& base_point() {
  // y = 4 / 5, x even.
  static const Extended point = [] {
    EncodedPoint bytes{};
    bytes.fill(0x66);
    bytes[0] = 0x58;
    return decode(bytes).value();
  }();
  return point;
}

}  // namespace keystone::detail::ed25519
