// SPDX-License-Identifier: Apache-2.0
// Each reason for which a public key is refused, whatever it signed.
#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;

// What is wrong with a key is what is wrong with every signature under it, also where Keystone's
// own verifier accepts one.
void expect_refused(const Signer& signer, SignatureResult reason) {
  SCOPED_TRACE(hex::encode(signer.key));
  EXPECT_EQ(check_public_key(signer.key), reason);
  const Bytes message = {'m', 's', 'g'};
  EXPECT_EQ(result_of(signer.key, message, signer.sign(message)), reason);
}

void expect_refused_where_the_reference_accepts(const Signer& signer, SignatureResult reason) {
  expect_refused(signer, reason);
  const Bytes message = first_message(
      [&](const Bytes& any) { return reference_accepts(signer.key, any, signer.sign(any)); });
  EXPECT_EQ(result_of(signer.key, message, signer.sign(message)), reason);
}

TEST(CheckPublicKey, AcceptsMultiplesOfTheBasePoint) {
  for (std::uint8_t i = 1; i < 100; ++i) {
    const Bytes32 seed = {i};
    EXPECT_EQ(check_public_key(SecretKey::from_seed(seed).value().public_key()),
              SignatureResult::valid);
    EXPECT_EQ(check_public_key(compat::times_base(seed)), SignatureResult::valid);
  }
}

TEST(CheckPublicKey, RefusesEveryEncodingOfSmallOrder) {
  const auto encodings = compat::small_order_encodings();
  ASSERT_EQ(encodings.size(), 14U);
  for (const Bytes32& key : encodings) {
    ASSERT_EQ(compat::times(Bytes32{8}, key), compat::kIdentity);
    Signer signer = honest_signer();
    signer.a = {};
    signer.key = key;
    expect_refused_where_the_reference_accepts(signer, SignatureResult::key_small_order);
  }
}

TEST(CheckPublicKey, RefusesEveryEncodingWithAYOfPOrMore) {
  const auto encodings = compat::non_canonical_encodings();
  ASSERT_EQ(encodings.size(), 38U);
  int points = 0;
  for (std::size_t i = 4; i < encodings.size(); ++i) {  // before: p and p + 1, of small order
    Signer signer = honest_signer();
    signer.key = encodings[i];
    expect_refused(signer, SignatureResult::key_non_canonical);
    points += compat::is_on_curve(encodings[i]) ? 1 : 0;
  }
  EXPECT_GT(points, 8);   // refused though the reference decodes them
  EXPECT_LT(points, 34);  // refused as not canonical though they are not on the curve either
}

TEST(CheckPublicKey, RefusesAKeyPlusEachPointOfSmallOrder) {
  const auto torsion = compat::torsion_points();
  for (std::size_t i = 1; i < torsion.size(); ++i) {
    Signer signer = honest_signer();
    signer.key = compat::add(signer.key, torsion[i]);
    expect_refused_where_the_reference_accepts(signer, SignatureResult::key_mixed_order);
  }
}

TEST(CheckPublicKey, RefusesWhatIsNotOnTheCurve) {
  int refused = 0;
  for (std::uint8_t y = 2; y < 100; ++y) {
    for (const std::uint8_t sign : {std::uint8_t{0}, std::uint8_t{0x80}}) {
      Signer signer = honest_signer();
      signer.key = {y};
      signer.key[31] = sign;
      if (!compat::is_on_curve(signer.key)) {
        expect_refused(signer, SignatureResult::key_not_on_curve);
        EXPECT_FALSE(reference_accepts(signer.key, Bytes{}, signer.sign({})));
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 60);
}

TEST(CheckPublicKey, RefusesEveryPointOfTheCurveOutsideThePrimeOrderGroup) {
  int mixed = 0;
  int prime = 0;
  for (std::uint8_t y = 2; y < 100; ++y) {
    const Bytes32 key = {y};
    if (compat::is_on_curve(key)) {
      const bool is_prime = compat::times(compat::kGroupOrder, key) == compat::kIdentity;
      EXPECT_EQ(check_public_key(key),
                is_prime ? SignatureResult::valid : SignatureResult::key_mixed_order);
      ++(is_prime ? prime : mixed);
    }
  }
  EXPECT_GT(mixed, 30);
  EXPECT_GT(prime, 0);
}

}  // namespace
}  // namespace keystone
