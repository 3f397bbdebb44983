// SPDX-License-Identifier: Apache-2.0
// The forgeries are good ones: a verifier without the check that they are for takes them.
// Keystone's own is such a verifier.
#include "keystone-attest/emulate_negatives_forge.hpp"

#include "keystone-attest/emulate_negatives.hpp"
#include "keystone/crypto/signature.hpp"
#include "keystone/crypto_compat/curve.hpp"
#include "keystone/crypto_compat/reference.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace keystone::cli::attest {
namespace {

using compat::Bytes32;
using compat::reference_accepts;
using Bytes = std::vector<std::uint8_t>;

SecretKey key_of(std::uint8_t seed) {
  return SecretKey::from_seed(std::array<std::uint8_t, 32>{seed}).value();
}

// Messages of every length up to some.
template <class Check>
void for_messages(const Check& check) {
  for (std::size_t size = 0; size < 40; ++size) {
    check(Bytes(size, 0x5a));
  }
}

TEST(NegativesForge, SPlusLIsTakenByTheReferenceAlone) {
  const SecretKey key = key_of(1);
  for_messages([&](const Bytes& message) {
    const Signature signature = with_s_plus_l(key.sign(message).value());
    EXPECT_TRUE(reference_accepts(key.public_key(), message, signature));
    EXPECT_EQ(verify_signature(key.public_key(), message, signature).value(),
              SignatureResult::s_not_reduced);
  });
}

TEST(NegativesForge, ASmallOrderKeySignsEverythingForTheReference) {
  const Forgery forgery = forgery_of_small_order();
  for_messages([&](const Bytes& message) {
    EXPECT_TRUE(reference_accepts(forgery.key.bytes(), message, forgery.signature));
    EXPECT_EQ(verify_signature(forgery.key.bytes(), message, forgery.signature).value(),
              SignatureResult::key_small_order);
  });
}

TEST(NegativesForge, AMixedOrderKeyIsTheHonestOneAndThePointOfOrder2) {
  const auto torsion = compat::torsion_points();
  for (std::uint8_t seed = 0; seed < 20; ++seed) {
    const SecretKey key = key_of(seed);
    const Bytes32 sum = compat::add(key.public_key(), torsion[4]);
    EXPECT_EQ(MixedOrderSigner(key).key(), SmPublicKey(sum));
  }
}

TEST(NegativesForge, AMixedOrderKeySignsForTheReferenceAlone) {
  const MixedOrderSigner signer(key_of(2));
  for_messages([&](const Bytes& message) {
    const Signature signature = signer.sign(message).value();
    EXPECT_TRUE(reference_accepts(signer.key().bytes(), message, signature));
    EXPECT_EQ(verify_signature(signer.key().bytes(), message, signature).value(),
              SignatureResult::key_mixed_order);
    EXPECT_FALSE(reference_accepts(key_of(2).public_key(), message, signature));
  });
}

// The reference adds 72 to data_len and wraps, as C does: what is signed is nothing.
TEST(NegativesForge, AWrappedLengthIsSignedByTheMonitor) {
  const auto files = make_negatives({}).value();
  const auto found = std::find_if(files.begin(), files.end(), [](const NegativesFile& file) {
    return file.name == "evidence/data-len-wraps.bin";
  });
  ASSERT_NE(found, files.end());
  const Bytes report(found->content.begin(), found->content.end());
  ASSERT_EQ(report.size(), ReportLayout::kFixedSize);
  const ByteView bytes(report);
  const Signature signature(bytes.subspan<1096, 64>());
  EXPECT_TRUE(reference_accepts(bytes.subspan<1224, 32>(), {}, signature));
}

}  // namespace
}  // namespace keystone::cli::attest
