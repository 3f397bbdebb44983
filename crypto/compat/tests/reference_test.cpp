// SPDX-License-Identifier: Apache-2.0
// What Keystone's verifier takes and refuses, case by case. That these are its answers is shown by
// the vectors, which it made itself.
#include "keystone/crypto_compat/reference.hpp"

#include "keystone/crypto_compat/curve.hpp"
#include "keystone/crypto_sign/secret_key.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace keystone::compat {
namespace {

const std::array<std::uint8_t, 3> kMessage = {1, 2, 3};

SecretKey secret() {
  return SecretKey::from_seed(Bytes32{0x11}).value();
}

Signature signature_of(View32 commitment, View32 s) {
  std::array<std::uint8_t, Signature::kSize> bytes{};
  std::copy(s.begin(), s.end(), std::copy(commitment.begin(), commitment.end(), bytes.begin()));
  return Signature(bytes);
}

// The honest signature of kMessage with another S.
Signature with_s(View32 s) {
  return signature_of(secret().sign(kMessage).value().bytes().first<32>(), s);
}

Bytes32 honest_s() {
  Bytes32 s{};
  const Signature honest = secret().sign(kMessage).value();
  std::copy(honest.bytes().begin() + 32, honest.bytes().end(), s.begin());
  return s;
}

TEST(Reference, AcceptsAnHonestSignature) {
  EXPECT_TRUE(reference_accepts(secret().public_key(), kMessage, secret().sign(kMessage).value()));
}

TEST(Reference, RejectsAnotherMessageKeyOrSignature) {
  const Signature honest = secret().sign(kMessage).value();
  EXPECT_FALSE(reference_accepts(secret().public_key(), std::array<std::uint8_t, 2>{1, 2}, honest));
  EXPECT_FALSE(reference_accepts(times_base(Bytes32{9}), kMessage, honest));
  EXPECT_FALSE(reference_accepts(secret().public_key(), kMessage, with_s(Bytes32{})));
  EXPECT_FALSE(reference_accepts(secret().public_key(), kMessage,
                                 signature_of(kIdentity, honest.bytes().last<32>())));
}

TEST(Reference, AcceptsSPlusLBelowTheTopBits) {
  const Bytes32 once = sum(honest_s(), kGroupOrder);
  ASSERT_EQ(once[31] & 0xe0, 0);
  EXPECT_TRUE(reference_accepts(secret().public_key(), kMessage, with_s(once)));
  const Bytes32 twice = sum(once, kGroupOrder);
  ASSERT_NE(twice[31] & 0xe0, 0);
  EXPECT_FALSE(reference_accepts(secret().public_key(), kMessage, with_s(twice)));
}

TEST(Reference, RejectsEachOfTheTopThreeBits) {
  for (const unsigned bit : {0x20U, 0x40U, 0x80U}) {
    Bytes32 s = honest_s();
    s[31] |= static_cast<std::uint8_t>(bit);
    EXPECT_FALSE(reference_accepts(secret().public_key(), kMessage, with_s(s))) << bit;
  }
}

TEST(Reference, RejectsAKeyThatIsNoPoint) {
  EXPECT_FALSE(reference_accepts(Bytes32{2}, kMessage, signature_of(kIdentity, Bytes32{})));
}

// k times a point of order n vanishes for one message in n. The order divides 8.
TEST(Reference, AcceptsASmallOrderKeyExactlyWhereItsMultipleVanishes) {
  for (const Bytes32& key : small_order_encodings()) {
    int accepted = 0;
    for (std::uint8_t i = 0; i < 16; ++i) {
      const std::array<std::uint8_t, 1> message = {i};
      Bytes32 k_mod_8{};
      k_mod_8[0] = challenge(kIdentity, key, message)[0] & 7U;
      const bool vanishes = times(k_mod_8, key) == kIdentity;
      EXPECT_EQ(reference_accepts(key, message, signature_of(kIdentity, Bytes32{})), vanishes);
      accepted += vanishes ? 1 : 0;
    }
    EXPECT_GT(accepted, 0) << hex::encode(key);
  }
}

TEST(Reference, NeverMatchesACommitmentThatIsNotCanonical) {
  const Bytes32 a = {5};
  for (const Bytes32& commitment : small_order_encodings()) {
    const Signer signer{a, times_base(a), Bytes32{}, commitment};
    EXPECT_EQ(reference_accepts(signer.key, kMessage, signer.sign(kMessage)),
              commitment == kIdentity)
        << hex::encode(commitment);
  }
}

}  // namespace
}  // namespace keystone::compat
