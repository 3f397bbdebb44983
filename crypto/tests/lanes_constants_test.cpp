// SPDX-License-Identifier: Apache-2.0
#include "ed25519/lanes_constants.hpp"

#include <cryptopp/integer.h>
#include <cryptopp/nbtheory.h>
#include <gtest/gtest.h>

namespace keystone::detail::ed25519::lanes {
namespace {

using CryptoPP::Integer;

const Integer kP = Integer::Power2(255) - 19;

Integer value(const std::uint64_t (&limbs)[5]) {
  Integer sum;
  for (unsigned i = 0; i < 5; ++i) {
    sum += Integer(static_cast<long>(limbs[i])) * Integer::Power2(51 * i);
  }
  return sum;
}

TEST(LanesConstants, AreWhatTheirNamesSay) {
  const Integer d = (kP - 121665) * Integer(121666).InverseMod(kP) % kP;
  const Integer i = a_exp_b_mod_c(2, (kP - 1) / 4, kP);
  EXPECT_EQ(value(kZero), 0);
  EXPECT_EQ(value(kOne), 1);
  EXPECT_EQ(value(kD), d);
  EXPECT_EQ(value(kTwiceD), 2 * d % kP);
  EXPECT_EQ(value(kI), i);
  EXPECT_EQ(value(kI) * value(kI) % kP, kP - 1);
  EXPECT_EQ(value(kA), 486662);
  const auto squared = [](const Integer& a) { return a * a % kP; };
  EXPECT_EQ(squared(value(kRootOfAPlus2)), 486664);
  EXPECT_EQ(squared(value(kRootOfMinusAPlus2)), kP - 486664);
  EXPECT_EQ(squared(value(kRootOfRest)) * i % kP, Integer(486662) * 486662 - 4);
}

// On these the test of the order rests (lanes_decode.hpp).
TEST(LanesConstants, MakeACurveWithOnePointOfOrder2) {
  EXPECT_EQ(CryptoPP::Jacobi(Integer(486662) * 486662 - 4, kP), -1);
  EXPECT_EQ(CryptoPP::Jacobi(value(kD), kP), -1);
  EXPECT_EQ(kP % 8, 5);
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
