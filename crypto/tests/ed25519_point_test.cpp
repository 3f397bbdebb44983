// SPDX-License-Identifier: Apache-2.0
// Points, tables and multiples against the curve over big integers and against libsodium's.
#include "../compat/tests/second_curve.hpp"
#include "ed25519/multiply.hpp"
#include "ed25519/point.hpp"
#include "integers.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::detail::ed25519;
using namespace keystone::testing;
using compat::Bytes32;

Extended point_of(const Bytes32& bytes) {
  return decode(bytes).value();
}

// Every small order, and points of the prime-order group with each of them added.
std::vector<Bytes32> points() {
  std::vector<Bytes32> points;
  for (const Bytes32& torsion : compat::torsion_points()) {
    points.push_back(torsion);
    for (std::uint8_t i = 1; i < 4; ++i) {
      points.push_back(compat::add(torsion, compat::times_base(Bytes32{i, 7, 7})));
    }
  }
  return points;
}

Scalar random_scalar(std::mt19937_64& random) {
  return reduce(random_bytes<64>(random));
}

TEST(Ed25519Point, IsDecodedAndEncodedToTheSameBytes) {
  for (const Bytes32& bytes : points()) {
    EXPECT_EQ(encode(point_of(bytes)), bytes);
    EXPECT_EQ(is_identity(point_of(bytes)), bytes == compat::kIdentity);
  }
}

TEST(Ed25519Point, IsNotDecodedWhereItIsNotOnTheCurve) {
  const compat::SecondCurve second;
  int refused = 0;
  for (std::uint8_t y = 2; y < 200; ++y) {
    const Bytes32 bytes = {y, 0, 9};
    const bool is_point = second.add(bytes, compat::kIdentity).has_value();
    EXPECT_EQ(decode(bytes).has_value(), is_point);
    refused += is_point ? 0 : 1;
  }
  EXPECT_GT(refused, 60);
}

TEST(Ed25519Point, AddsAndDoublesAnyTwoPoints) {
  const compat::SecondCurve second;
  for (const Bytes32& a : points()) {
    for (const Bytes32& b : points()) {
      const Bytes32 sum = second.add(a, b).value();
      const Extended left = point_of(a);
      const Extended right = point_of(b);
      EXPECT_EQ(encode(to_extended(add(left, to_cached(right)))), sum);
      EXPECT_EQ(encode(to_extended(add(left, to_niels(right)))), sum);
      EXPECT_EQ(encode(to_extended(
                    add(to_extended(add(left, to_cached(right))), negate(to_cached(right))))),
                a);
      EXPECT_EQ(encode(to_extended(subtract(left, to_niels(right)))),
                second.add(a, encode(negate(right))).value());
    }
    EXPECT_EQ(encode(to_extended(twice(without_t(point_of(a))))), second.add(a, a).value());
  }
}

TEST(Ed25519Point, KeepsTEqualToXYOverZ) {
  const Extended sum = to_extended(twice(without_t(base_point())));
  EXPECT_TRUE(equal(multiply(sum.t, sum.z), multiply(sum.x, sum.y)));
}

TEST(Ed25519Point, IsEncodedInAnyCompany) {
  for (const std::size_t count : {0U, 1U, 64U, 65U}) {
    std::vector<Extended> many;
    Extended point = base_point();
    for (std::size_t i = 0; i < count; ++i) {
      many.push_back(point);
      point = to_extended(twice(without_t(point)));
    }
    std::vector<EncodedPoint> encoded(count);
    encode_all(many, encoded);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(encoded[i], encode(many[i]));
    }
  }
}

TEST(Ed25519Table, HasTheMultiplesThatItSays) {
  const Extended point = point_of(compat::times_base(Bytes32{5}));
  for (unsigned width = kMinWindow; width <= kMaxWindow; ++width) {
    const KeyTable table(point, width);
    EXPECT_EQ(table.entries().size() * sizeof(Niels), KeyTable::bytes(width));
    for (unsigned i = 0; i < table.windows(); i += 7) {
      for (const unsigned j : {1U, 2U, 3U, 1U << (width - 1)}) {
        const Integer multiple = Integer(5L) * j * Integer::Power2(width * i) % group_order();
        const Bytes32 expected = compat::times_base(to_little_endian<32>(multiple));
        const Niels& entry = table.at(i, j);
        EXPECT_EQ(encode(to_extended(add(kIdentity, entry))), expected) << width << ' ' << i;
        EXPECT_EQ(entry.xy2d.limb, canonical(entry.xy2d).limb);
        EXPECT_EQ(entry.padding, 0U);
      }
    }
  }
}

TEST(Ed25519Table, RefusesOtherWidths) {
  EXPECT_DEATH(KeyTable(base_point(), 3), "bug:");
  EXPECT_DEATH(KeyTable(base_point(), 9), "bug:");
}

TEST(Ed25519Multiply, GivesWhatLibsodiumGivesByEachWay) {
  std::mt19937_64 random(5);
  const Scalar largest = to_little_endian<32>(group_order() - 1);
  for (int round = 0; round < 24; ++round) {
    const Scalar s = round == 0 ? Scalar{} : round == 1 ? largest : random_scalar(random);
    const Scalar k = round == 2 ? Scalar{} : round == 3 ? largest : random_scalar(random);
    const Bytes32 p = compat::times_base(random_scalar(random));
    const Bytes32 expected = compat::add(compat::times_base(s), compat::times(k, p));
    const auto checked = combine_and_check(s, k, point_of(p));
    EXPECT_TRUE(checked.has_prime_order);
    EXPECT_EQ(encode(checked.sum), expected);
    const unsigned width = kMinWindow + static_cast<unsigned>(round) % 5;
    EXPECT_EQ(encode(combine(s, k, KeyTable(point_of(p), width))), expected);
  }
}

TEST(Ed25519Multiply, TellsThePrimeOrderGroupFromTheRest) {
  for (const Bytes32& bytes : points()) {
    const bool is_prime = compat::times(compat::kGroupOrder, bytes) == compat::kIdentity;
    EXPECT_EQ(has_prime_order(point_of(bytes)), is_prime);
    EXPECT_EQ(combine_and_check(Scalar{1}, Scalar{8}, point_of(bytes)).has_prime_order, is_prime);
  }
}

}  // namespace
}  // namespace keystone
