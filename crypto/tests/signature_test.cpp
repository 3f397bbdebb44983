// SPDX-License-Identifier: Apache-2.0
// Each reason for which a signature is refused, and what Keystone's own verifier says to it.
#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;

const Bytes kMessage = {'m', 's', 'g'};

Bytes32 s_of(const Signature& signature) {
  return copy_of(signature.bytes().last<32>());
}

// The honest signature of kMessage, with another S.
SignatureResult result_with_s(compat::View32 s) {
  const Signer signer = honest_signer();
  return result_of(signer.key, kMessage, join(signer.commitment, s));
}

bool reference_accepts_s(compat::View32 s) {
  const Signer signer = honest_signer();
  return reference_accepts(signer.key, kMessage, join(signer.commitment, s));
}

TEST(VerifySignature, AcceptsWhatTheOwnerOfTheKeySigned) {
  const Signer signer = honest_signer();
  for (const Bytes& message : {Bytes{}, kMessage, Bytes(72), Bytes(5000, 0xff)}) {
    EXPECT_EQ(result_of(signer.key, message, signer.sign(message)), SignatureResult::valid);
  }
}

TEST(VerifySignature, RejectsAnotherMessageKeyOrSignature) {
  const Signer signer = honest_signer();
  const Signature signature = signer.sign(kMessage);
  Signer other = signer;
  other.a = {7};
  other.key = compat::times_base(other.a);
  EXPECT_EQ(result_of(signer.key, Bytes{}, signature), SignatureResult::mismatch);
  EXPECT_EQ(result_of(signer.key, Bytes{'m', 's', 'g', 0}, signature), SignatureResult::mismatch);
  EXPECT_EQ(result_of(other.key, kMessage, signature), SignatureResult::mismatch);
  EXPECT_EQ(result_of(signer.key, kMessage, other.sign(kMessage)), SignatureResult::mismatch);
  EXPECT_EQ(result_of(signer.key, kMessage, signer.sign(Bytes{})), SignatureResult::mismatch);
}

TEST(VerifySignature, RejectsRAndSInEachOthersPlace) {
  const Signer signer = honest_signer();
  const Signature swapped = join(s_of(signer.sign(kMessage)), signer.commitment);
  EXPECT_NE(result_of(signer.key, kMessage, swapped), SignatureResult::valid);
  EXPECT_FALSE(reference_accepts(signer.key, kMessage, swapped));
}

// --- s_not_reduced ------------------------------------------------------------------------------

TEST(VerifySignature, RejectsSPlusEveryMultipleOfL) {
  Bytes32 s = s_of(honest_signer().sign(kMessage));
  ASSERT_EQ(result_with_s(s), SignatureResult::valid);
  ASSERT_TRUE(reference_accepts_s(s));
  for (int multiple = 1; multiple < 15; ++multiple) {
    s = compat::sum(s, compat::kGroupOrder);
    EXPECT_EQ(result_with_s(s), SignatureResult::s_not_reduced) << multiple;
    EXPECT_EQ(reference_accepts_s(s), s[31] < 0x20) << multiple;
    EXPECT_EQ(s[31] < 0x20, multiple == 1) << multiple;
  }
}

TEST(VerifySignature, RejectsSFromLUpwards) {
  Bytes32 below = compat::kGroupOrder;
  below[0] -= 1;
  Bytes32 above = compat::kGroupOrder;
  above[0] += 1;
  Bytes32 most{};
  most.fill(0xff);
  EXPECT_EQ(result_with_s(below), SignatureResult::mismatch);
  EXPECT_EQ(result_with_s(compat::kGroupOrder), SignatureResult::s_not_reduced);
  EXPECT_EQ(result_with_s(above), SignatureResult::s_not_reduced);
  EXPECT_EQ(result_with_s(most), SignatureResult::s_not_reduced);
}

TEST(VerifySignature, RejectsEachTopBitOfS) {
  for (const unsigned bit : {0x20U, 0x40U, 0x80U, 0xe0U}) {
    Bytes32 s = s_of(honest_signer().sign(kMessage));
    s[31] |= static_cast<std::uint8_t>(bit);
    EXPECT_EQ(result_with_s(s), SignatureResult::s_not_reduced) << bit;
    EXPECT_FALSE(reference_accepts_s(s)) << bit;
  }
}

TEST(VerifySignature, TakesAnSOfZeroForANumber) {
  EXPECT_EQ(result_with_s(Bytes32{}), SignatureResult::mismatch);
  EXPECT_FALSE(reference_accepts_s(Bytes32{}));
}

// --- r_small_order, r_non_canonical -------------------------------------------------------------

TEST(VerifySignature, RejectsEveryRThatHasSmallOrder) {
  Signer signer = honest_signer();
  signer.r = {};
  const auto encodings = compat::small_order_encodings();
  ASSERT_EQ(encodings.size(), 14U);
  for (const Bytes32& commitment : encodings) {
    signer.commitment = commitment;
    const Signature signature = signer.sign(kMessage);
    EXPECT_EQ(result_of(signer.key, kMessage, signature), SignatureResult::r_small_order);
    EXPECT_EQ(reference_accepts(signer.key, kMessage, signature), commitment == compat::kIdentity);
  }
}

TEST(VerifySignature, RejectsEveryRThatIsNotCanonical) {
  Signer signer = honest_signer();
  const auto encodings = compat::non_canonical_encodings();
  ASSERT_EQ(encodings.size(), 38U);
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    signer.commitment = encodings[i];
    const Signature signature = signer.sign(kMessage);
    const bool has_small_order = i < 4;  // p and p + 1
    EXPECT_EQ(result_of(signer.key, kMessage, signature),
              has_small_order ? SignatureResult::r_small_order : SignatureResult::r_non_canonical);
    EXPECT_FALSE(reference_accepts(signer.key, kMessage, signature));
  }
}

// --- mismatch -----------------------------------------------------------------------------------

TEST(VerifySignature, CallsAnROffTheCurveAMismatch) {
  Signer signer = honest_signer();
  signer.commitment = {2};
  ASSERT_FALSE(compat::is_on_curve(signer.commitment));
  EXPECT_EQ(result_of(signer.key, kMessage, signer.sign(kMessage)), SignatureResult::mismatch);
}

// A verifier that multiplies the equation by 8 accepts these.
TEST(VerifySignature, ChecksTheEquationWithoutCofactor) {
  for (std::size_t i = 1; i < 8; ++i) {
    Signer signer = honest_signer();
    signer.commitment = compat::add(signer.commitment, compat::torsion_points()[i]);
    const Signature signature = signer.sign(kMessage);
    EXPECT_EQ(result_of(signer.key, kMessage, signature), SignatureResult::mismatch) << i;
    EXPECT_FALSE(reference_accepts(signer.key, kMessage, signature)) << i;
  }
}

TEST(VerifySignature, RejectsZeros) {
  const Signature zeros(std::array<std::uint8_t, Signature::kSize>{});
  const Bytes32 key = honest_signer().key;
  EXPECT_EQ(result_of(key, Bytes{}, zeros), SignatureResult::r_small_order);
  EXPECT_EQ(result_of(key, Bytes(32), zeros), SignatureResult::r_small_order);
  EXPECT_EQ(result_of(Bytes32{}, Bytes(32), zeros), SignatureResult::key_small_order);
  const Bytes accepted =
      first_message([&](const Bytes& any) { return reference_accepts(Bytes32{}, any, zeros); });
  EXPECT_EQ(result_of(Bytes32{}, accepted, zeros), SignatureResult::key_small_order);
}

// --- which one is told --------------------------------------------------------------------------

TEST(VerifySignature, TellsTheFirstReasonInItsOrder) {
  const Bytes32 mixed = compat::add(honest_signer().key, compat::torsion_points()[1]);
  const Bytes32 small = {0};
  const Bytes32 non_canonical = compat::non_canonical_encodings().back();
  const Bytes32 no_point = {2};
  using enum SignatureResult;
  const std::pair<Bytes32, SignatureResult> keys[] = {{small, key_small_order},
                                                      {non_canonical, key_non_canonical},
                                                      {mixed, key_mixed_order},
                                                      {no_point, key_not_on_curve}};
  for (const auto& [key, reason] : keys) {
    for (const Bytes32& r : {small, non_canonical, no_point}) {
      EXPECT_EQ(result_of(key, kMessage, join(r, compat::kGroupOrder)), s_not_reduced);
      EXPECT_EQ(result_of(key, kMessage, join(r, Bytes32{})), reason);
    }
  }
}

TEST(SignatureResultWords, AreTheEnumerators) {
  using enum SignatureResult;
  const std::pair<SignatureResult, std::string_view> words[] = {
      {valid, "valid"},
      {s_not_reduced, "s_not_reduced"},
      {key_small_order, "key_small_order"},
      {key_non_canonical, "key_non_canonical"},
      {key_mixed_order, "key_mixed_order"},
      {key_not_on_curve, "key_not_on_curve"},
      {r_small_order, "r_small_order"},
      {r_non_canonical, "r_non_canonical"},
      {mismatch, "mismatch"}};
  for (const auto& [result, word] : words) {
    EXPECT_EQ(to_string(result), word);
  }
  EXPECT_DEATH((void)to_string(static_cast<SignatureResult>(99)), "bug:");
}

}  // namespace
}  // namespace keystone
