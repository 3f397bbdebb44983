// SPDX-License-Identifier: Apache-2.0
// The reference rests on libsodium's addition taking every point of the curve in every encoding.
#include "keystone/crypto_compat/curve.hpp"

#include "second_curve.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace keystone::compat {
namespace {

Bytes32 number(std::uint8_t value) {
  return {value};
}

std::vector<Bytes32> random_bytes(std::size_t count) {
  std::mt19937_64 random(25519);  // the same bytes in every run
  std::vector<Bytes32> all(count);
  for (Bytes32& bytes : all) {
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
  }
  return all;
}

// Points of every kind: honest ones, those of small and of mixed order, encodings that are not
// canonical, and bytes that may be no point.
std::vector<Bytes32> points_of_every_kind() {
  std::vector<Bytes32> all = random_bytes(40);
  for (const auto& more : {small_order_encodings(), non_canonical_encodings()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  const Bytes32 honest = times_base(number(7));
  for (const Bytes32& torsion : torsion_points()) {
    all.push_back(add(honest, torsion));
  }
  return all;
}

TEST(Curve, AgreesWithASecondCurveOnWhatIsAPoint) {
  const SecondCurve second;
  int points = 0;
  for (const Bytes32& bytes : points_of_every_kind()) {
    const bool is_point = second.add(bytes, kIdentity).has_value();
    EXPECT_EQ(is_on_curve(bytes), is_point) << hex::encode(bytes);
    points += is_point ? 1 : 0;
  }
  EXPECT_GT(points, 40);
  EXPECT_LT(points, 85);
}

TEST(Curve, AgreesWithASecondCurveOnEverySum) {
  const SecondCurve second;
  auto points = points_of_every_kind();
  points.erase(std::remove_if(points.begin(), points.end(),
                              [](const Bytes32& point) { return !is_on_curve(point); }),
               points.end());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i; j < points.size(); j += 3) {
      EXPECT_EQ(add(points[i], points[j]), second.add(points[i], points[j]).value())
          << hex::encode(points[i]) << " + " << hex::encode(points[j]);
    }
  }
}

TEST(Curve, TakesBackWhatItAdded) {
  const Bytes32 honest = times_base(number(7));
  for (const Bytes32& other : small_order_encodings()) {
    EXPECT_EQ(subtract(add(honest, other), other), honest) << hex::encode(other);
  }
}

TEST(Curve, RefusesToAddWhatIsNoPoint) {
  const Bytes32 no_point = number(2);  // y = 2
  ASSERT_FALSE(is_on_curve(no_point));
  EXPECT_THROW((void)add(no_point, kIdentity), std::domain_error);
  EXPECT_THROW((void)add(kIdentity, no_point), std::domain_error);
  EXPECT_THROW((void)subtract(no_point, kIdentity), std::domain_error);
  EXPECT_THROW((void)subtract(kIdentity, no_point), std::domain_error);
}

TEST(Curve, HasFourteenEncodingsOfSmallOrder) {
  const auto all = small_order_encodings();
  EXPECT_EQ(std::set<Bytes32>(all.begin(), all.end()).size(), 14U);
  std::map<int, int> encodings_of_order;
  for (const Bytes32& point : all) {
    EXPECT_EQ(times(number(8), point), kIdentity) << hex::encode(point);
    int order = 1;
    while (times(number(static_cast<std::uint8_t>(order)), point) != kIdentity) {
      order *= 2;
    }
    ++encodings_of_order[order];
  }
  // y = 1 and p + 1, y = p - 1, y = 0 and p, each with both signs; four points of order 8.
  EXPECT_EQ(encodings_of_order, (std::map<int, int>{{1, 4}, {2, 2}, {4, 4}, {8, 4}}));
}

TEST(Curve, HasEightPointsOfSmallOrder) {
  std::set<Bytes32> canonical;
  for (const Bytes32& point : small_order_encodings()) {
    canonical.insert(add(point, kIdentity));
  }
  const auto points = torsion_points();
  EXPECT_EQ(canonical, std::set<Bytes32>(points.begin(), points.end()));
  EXPECT_EQ(canonical.size(), 8U);
}

TEST(Curve, ReadsAYThatIsNotBelowPAsItsRemainder) {
  const auto all = non_canonical_encodings();
  ASSERT_EQ(std::set<Bytes32>(all.begin(), all.end()).size(), 38U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Bytes32 remainder = number(static_cast<std::uint8_t>(i / 2));
    remainder[31] = static_cast<std::uint8_t>(i % 2 * 0x80);
    ASSERT_EQ(is_on_curve(all[i]), is_on_curve(remainder)) << hex::encode(all[i]);
    if (is_on_curve(remainder)) {
      EXPECT_EQ(add(all[i], kIdentity), add(remainder, kIdentity)) << hex::encode(all[i]);
    }
  }
}

TEST(Curve, DoesNotReduceTheNumberOfAMultiple) {
  const Bytes32 honest = times_base(number(7));
  EXPECT_EQ(times(kGroupOrder, honest), kIdentity);
  const Bytes32 mixed = add(honest, torsion_points()[1]);
  EXPECT_NE(times(kGroupOrder, mixed), kIdentity);
  // L is 5 mod 8.
  EXPECT_EQ(times(kGroupOrder, mixed), torsion_points()[5]);
  EXPECT_NE(times(sum(number(3), kGroupOrder), mixed), times(number(3), mixed));
}

TEST(Curve, MultipliesTheBasePointByAnyNumber) {
  // RFC 8032, section 5.1: y of B is 4/5.
  Bytes32 base{};
  base.fill(0x66);
  base[0] = 0x58;
  EXPECT_EQ(times_base(number(1)), base);
  EXPECT_EQ(times_base(Bytes32{}), kIdentity);
  EXPECT_EQ(times_base(kGroupOrder), kIdentity);
  for (const Bytes32& any : random_bytes(3)) {
    EXPECT_EQ(times_base(any), times(any, base));
  }
}

TEST(Curve, AddsNumbersWithCarries) {
  Bytes32 low{};
  low.fill(0xff);
  low[31] = 0;
  Bytes32 high{};
  high[31] = 1;
  EXPECT_EQ(sum(low, number(1)), high);
  Bytes32 most{};
  most.fill(0xff);
  EXPECT_THROW((void)sum(most, number(1)), std::overflow_error);
}

}  // namespace
}  // namespace keystone::compat
