// SPDX-License-Identifier: Apache-2.0
// What holds for every signature, over random keys and messages: the same ones in every run.
#include "support.hpp"

#include <random>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;

struct Signed {
  Bytes32 key;
  Bytes message;
  Bytes signature;

  [[nodiscard]] SignatureResult result() const {
    return result_of(key, message, Signature::from("signature", signature).value());
  }
  [[nodiscard]] bool is_accepted_by_reference() const {
    return reference_accepts(key, message, Signature::from("signature", signature).value());
  }
};

Signed random_signed(std::mt19937_64& random, std::size_t message_size) {
  const auto next = [&] { return static_cast<std::uint8_t>(random()); };
  Bytes32 seed{};
  std::generate(seed.begin(), seed.end(), next);
  Bytes message(message_size);
  std::generate(message.begin(), message.end(), next);
  const SecretKey key = SecretKey::from_seed(seed).value();
  const Signature signature = key.sign(message).value();
  return {key.public_key(), message, {signature.bytes().begin(), signature.bytes().end()}};
}

// Flips each bit of `bytes`, a part of `all`, and back.
void expect_no_flip_is_valid(const Signed& all, std::span<std::uint8_t> bytes) {
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
    bytes[bit / 8] ^= mask;
    EXPECT_NE(all.result(), SignatureResult::valid) << bit;
    bytes[bit / 8] ^= mask;
  }
}

TEST(SignatureProperties, EveryHonestSignatureIsValidHereAndThere) {
  std::mt19937_64 random(8032);
  for (std::size_t size = 0; size < 40; ++size) {
    const Signed all = random_signed(random, size);
    EXPECT_EQ(all.result(), SignatureResult::valid) << size;
    EXPECT_TRUE(all.is_accepted_by_reference()) << size;
  }
}

TEST(SignatureProperties, NoFlippedBitIsValid) {
  std::mt19937_64 random(8033);
  for (const std::size_t size : {0U, 1U, 40U, 96U}) {
    Signed all = random_signed(random, size);
    ASSERT_EQ(all.result(), SignatureResult::valid);
    expect_no_flip_is_valid(all, all.signature);
    expect_no_flip_is_valid(all, all.key);
    expect_no_flip_is_valid(all, all.message);
    EXPECT_EQ(all.result(), SignatureResult::valid);
  }
}

TEST(SignatureProperties, NoLongerOrShorterMessageIsValid) {
  std::mt19937_64 random(8034);
  const Signed all = random_signed(random, 50);
  for (std::size_t size = 0; size < 100; ++size) {
    Signed other = all;
    other.message.resize(size);
    EXPECT_EQ(other.result() == SignatureResult::valid, size == 50) << size;
  }
}

// S + L is the other half of every signature: for the reference, not for us.
TEST(SignatureProperties, SPlusLIsValidForTheReferenceOnly) {
  std::mt19937_64 random(8035);
  for (std::size_t size = 0; size < 40; ++size) {
    Signed all = random_signed(random, size);
    const auto s = std::span(all.signature).last<32>();
    const Bytes32 more = compat::sum(s, compat::kGroupOrder);
    std::copy(more.begin(), more.end(), s.begin());
    EXPECT_EQ(all.result(), SignatureResult::s_not_reduced);
    EXPECT_TRUE(all.is_accepted_by_reference());
  }
}

TEST(SignatureProperties, RandomBytesAreNeverValid) {
  std::mt19937_64 random(8036);
  const auto next = [&] { return static_cast<std::uint8_t>(random()); };
  for (int i = 0; i < 300; ++i) {
    Signed all = random_signed(random, 10);
    std::generate(all.signature.begin(), all.signature.end(), next);
    all.signature[63] &= 0x0f;  // else S is out of range nearly always
    EXPECT_EQ(all.result(), SignatureResult::mismatch);
    std::generate(all.key.begin(), all.key.end(), next);
    EXPECT_NE(all.result(), SignatureResult::valid);
  }
}

}  // namespace
}  // namespace keystone
