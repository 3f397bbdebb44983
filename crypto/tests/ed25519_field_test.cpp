// SPDX-License-Identifier: Apache-2.0
// The field against big integers, on random numbers and on limbs at the edge of what each function
// takes; and that what each gives keeps its bound.
#include "ed25519/field.hpp"
#include "ed25519/point.hpp"
#include "integers.hpp"

#include <vector>

#include <cryptopp/nbtheory.h>
#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::detail::ed25519;
using namespace keystone::testing;

constexpr std::uint64_t kTight = (std::uint64_t{1} << 51U) + (1U << 13U) - 1;
constexpr std::uint64_t kSum = (std::uint64_t{1} << 53U) - 77;
constexpr std::uint64_t kLoose = (std::uint64_t{1} << 54U) - 1;

// Numbers with limbs up to `most`: all at the edge, each alone at the edge, p and its neighbours,
// and random ones.
std::vector<Field> numbers_up_to(std::uint64_t most) {
  std::vector<Field> numbers = {kZero, kOne, {{most, most, most, most, most}}};
  for (std::size_t i = 0; i < 5; ++i) {
    Field edge = kZero;
    edge.limb[i] = most;
    numbers.push_back(edge);
  }
  constexpr std::uint64_t kFull = kLimbMask;
  for (const std::uint64_t low : {kFull - 19, kFull - 18, kFull - 17, kFull}) {
    numbers.push_back({{low, kFull, kFull, kFull, kFull}});
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 40; ++i) {
    Field field{};
    for (std::uint64_t& limb : field.limb) {
      limb = random() % most;
    }
    numbers.push_back(field);
  }
  return numbers;
}

bool is_tight(const Field& a) {
  return std::all_of(a.limb.begin(), a.limb.end(), [](auto limb) { return limb <= kTight; });
}

TEST(Ed25519Field, AddsAndSubtracts) {
  for (const Field& a : numbers_up_to(kSum)) {
    for (const Field& b : numbers_up_to(kSum)) {
      EXPECT_EQ(sum_of_limbs(add(a, b)), sum_of_limbs(a) + sum_of_limbs(b));
      const Field difference = subtract(a, b);
      EXPECT_EQ(sum_of_limbs(difference), sum_of_limbs(a) + 4 * field_order() - sum_of_limbs(b));
      EXPECT_LE(*std::max_element(difference.limb.begin(), difference.limb.end()), kLoose);
    }
    EXPECT_EQ(to_integer(add(negate(a), a)), Integer::Zero());
  }
}

TEST(Ed25519Field, MultipliesLooseNumbersToTightOnes) {
  for (const Field& a : numbers_up_to(kLoose)) {
    for (const Field& b : numbers_up_to(kLoose)) {
      const Field product = multiply(a, b);
      EXPECT_EQ(to_integer(product), to_integer(a) * to_integer(b) % field_order());
      EXPECT_TRUE(is_tight(product));
    }
    EXPECT_EQ(to_integer(square(a)), to_integer(a) * to_integer(a) % field_order());
    EXPECT_TRUE(is_tight(square(a)));
    EXPECT_EQ(to_integer(tighten(a)), to_integer(a));
    EXPECT_TRUE(is_tight(tighten(a)));
  }
}

TEST(Ed25519Field, HasOneCanonicalFormWhateverTheLimbs) {
  for (const std::uint64_t most : {kLimbMask, kTight, kLoose, ~std::uint64_t{0}}) {
    for (const Field& a : numbers_up_to(most)) {
      const Field reduced = canonical(a);
      EXPECT_EQ(sum_of_limbs(reduced), to_integer(a));
      EXPECT_EQ(from_little_endian(to_bytes(a)), to_integer(a));
      EXPECT_EQ(is_odd(a), to_integer(a).IsOdd());
      EXPECT_TRUE(equal(a, reduced));
      EXPECT_FALSE(equal(a, add(reduced, kOne)));
    }
  }
}

TEST(Ed25519Field, ReadsBytesWithoutTheTopBit) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200; ++i) {
    auto bytes = random_bytes<32>(random);
    const Field field = from_bytes(bytes);
    bytes[31] &= 0x7f;
    EXPECT_EQ(sum_of_limbs(field), from_little_endian(bytes));
    EXPECT_TRUE(is_tight(field));
  }
}

TEST(Ed25519Field, Inverts) {
  for (const Field& a : numbers_up_to(kLoose)) {
    EXPECT_EQ(to_integer(invert(a)), to_integer(a).InverseMod(field_order()));  // 0 for 0
  }
}

TEST(Ed25519Field, RaisesToThePowerOfRoots) {
  const Integer exponent = (field_order() - 5) / 8;
  for (const Field& a : numbers_up_to(kLoose)) {
    EXPECT_EQ(to_integer(power_for_root(a)), a_exp_b_mod_c(to_integer(a), exponent, field_order()));
  }
}

TEST(Ed25519Field, InvertsAnyNumberOfNumbersAtOnce) {
  std::mt19937_64 random(3);
  for (const std::size_t count : {0U, 1U, 2U, 63U, 64U, 65U, 130U}) {
    std::vector<Field> numbers;
    for (std::size_t i = 0; i < count; ++i) {
      numbers.push_back(from_bytes(random_bytes<32>(random)));
    }
    std::vector<Field> inverses = numbers;
    invert_all(inverses);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_TRUE(equal(inverses[i], invert(numbers[i]))) << i << " of " << count;
    }
  }
}

// RFC 8032, section 5.1: d = -121665 / 121666.
TEST(Ed25519Field, HasTheConstantsOfTheCurve) {
  const Integer& p = field_order();
  const Integer d = (p - 121665) * Integer(121666).InverseMod(p) % p;
  EXPECT_EQ(sum_of_limbs(kD), d);
  EXPECT_EQ(sum_of_limbs(kTwiceD), 2 * d % p);
}

}  // namespace
}  // namespace keystone
