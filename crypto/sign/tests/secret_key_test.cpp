// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto_sign/secret_key.hpp"

#include "keystone/crypto/digest.hpp"
#include "keystone/crypto/signature.hpp"

#include <algorithm>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Seed = std::array<std::uint8_t, SecretKey::kSeedSize>;
using Expanded = std::array<std::uint8_t, SecretKey::kSize>;

static_assert(!std::is_default_constructible_v<SecretKey>);
static_assert(!std::is_copy_constructible_v<SecretKey> && !std::is_copy_assignable_v<SecretKey>);
static_assert(std::is_nothrow_move_constructible_v<SecretKey>);
static_assert(std::is_nothrow_move_assignable_v<SecretKey>);

template <class T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};
static_assert(Comparable<Signature> && !Comparable<SecretKey>);

SecretKey key_of(std::uint8_t seed) {
  return SecretKey::from_seed(Seed{seed}).value();
}

Bytes secret_of(const SecretKey& key) {
  const auto secret = key.expose_secret();
  return {secret.begin(), secret.end()};
}

SignatureResult verdict(const SecretKey& key, ByteView message) {
  return verify_signature(key.public_key(), message, key.sign(message).value()).value();
}

TEST(SecretKey, IsTheClampedHashOfItsSeed) {
  const Seed seed = {1, 2, 3};
  const Digest512 hash = sha3_512(seed).value();
  Bytes want(hash.bytes().begin(), hash.bytes().end());
  want[0] &= 0xf8;
  want[31] = static_cast<std::uint8_t>((want[31] & 0x3f) | 0x40);
  EXPECT_EQ(secret_of(SecretKey::from_seed(seed).value()), want);
}

TEST(SecretKey, IsTheSameFromItsSeedAndFromItsExpandedForm) {
  const SecretKey from_seed = key_of(7);
  const SecretKey again = SecretKey::from_expanded(from_seed.expose_secret());
  EXPECT_EQ(secret_of(again), secret_of(from_seed));
  EXPECT_EQ(again.public_key(), from_seed.public_key());
  EXPECT_EQ(again.sign(Bytes{1}).value(), from_seed.sign(Bytes{1}).value());
}

// 0xff has the bit that arithmetic of 255 bits drops.
TEST(SecretKey, KeepsAnExpandedFormThatIsNotClamped) {
  for (const std::uint8_t byte : {std::uint8_t{0x7f}, std::uint8_t{0xff}, std::uint8_t{0x01}}) {
    Expanded expanded{};
    expanded.fill(byte);
    const SecretKey key = SecretKey::from_expanded(expanded);
    EXPECT_EQ(secret_of(key), Bytes(expanded.begin(), expanded.end()));
    EXPECT_EQ(verdict(key, Bytes{1, 2, 3}), SignatureResult::valid);
  }
}

TEST(SecretKey, OfZerosSignsUnderTheIdentity) {
  const SecretKey key = SecretKey::from_expanded(Expanded{});
  EXPECT_EQ(key.public_key(), (std::array<std::uint8_t, 32>{1}));
  EXPECT_EQ(verdict(key, Bytes{1, 2, 3}), SignatureResult::key_small_order);
}

TEST(SecretKey, OfAPlatformWithoutRootOfTrustIsAllZero) {
  const SecretKey key = SecretKey::all_zero();
  EXPECT_EQ(secret_of(key), Bytes(64));
  EXPECT_EQ(key.public_key(), (std::array<std::uint8_t, 32>{}));
  EXPECT_EQ(verdict(key, Bytes{1, 2, 3}), SignatureResult::key_small_order);
  // With a scalar of zero, S is the nonce: the key that is hashed into it does not show.
  EXPECT_EQ(key.sign(Bytes{1, 2, 3}).value(),
            SecretKey::from_expanded(Expanded{}).sign(Bytes{1, 2, 3}).value());
}

TEST(SecretKey, SignsWithoutRandomness) {
  for (const std::size_t size : {0U, 1U, 71U, 72U, 1096U}) {
    const Bytes message(size, 0x5a);
    EXPECT_EQ(key_of(7).sign(message).value(), key_of(7).sign(message).value()) << size;
  }
}

TEST(SecretKey, SignsEveryLengthVerifiably) {
  const SecretKey key = key_of(7);
  for (std::size_t size = 0; size < 300; size += 7) {
    EXPECT_EQ(verdict(key, Bytes(size, 0x5a)), SignatureResult::valid) << size;
  }
}

TEST(SecretKey, OfAnotherSeedIsAnotherKey) {
  EXPECT_NE(secret_of(key_of(7)), secret_of(key_of(8)));
  EXPECT_NE(key_of(7).public_key(), key_of(8).public_key());
  EXPECT_NE(key_of(7).sign({}).value(), key_of(8).sign({}).value());
}

// Two messages under one R would give the key away.
TEST(SecretKey, NeverSharesACommitmentBetweenMessagesOrPrefixes) {
  const auto commitment = [](const SecretKey& key, const Bytes& message) {
    const Signature signature = key.sign(message).value();
    return Bytes(signature.bytes().begin(), signature.bytes().begin() + 32);
  };
  const SecretKey key = key_of(7);
  EXPECT_NE(commitment(key, {1}), commitment(key, {2}));
  EXPECT_NE(commitment(key, {}), commitment(key, {0}));
  Expanded other_prefix{};
  const auto secret = key.expose_secret();
  std::copy(secret.begin(), secret.end(), other_prefix.begin());
  other_prefix[63] ^= 1U;
  EXPECT_NE(commitment(SecretKey::from_expanded(other_prefix), {1}), commitment(key, {1}));
}

TEST(SecretKey, MovesAndWipesItsSource) {
  SecretKey source = key_of(7);
  const Bytes secret = secret_of(source);
  const SecretKey target = std::move(source);
  EXPECT_EQ(secret_of(target), secret);
  EXPECT_EQ(target.public_key(), key_of(7).public_key());
  EXPECT_EQ(secret_of(source), Bytes(SecretKey::kSize));
}

TEST(SecretKey, LeavesNothingOfItselfBehindWhenAssigned) {
  SecretKey source = key_of(7);
  SecretKey target = key_of(8);
  const Bytes secret = secret_of(source);
  target = std::move(source);
  EXPECT_EQ(secret_of(target), secret);
  EXPECT_EQ(target.public_key(), key_of(7).public_key());
  EXPECT_NE(secret_of(source), secret);
}

TEST(SecretKey, SurvivesAssignmentToItself) {
  SecretKey key = key_of(7);
  SecretKey& same = key;
  key = std::move(same);
  EXPECT_EQ(secret_of(key), secret_of(key_of(7)));
}

// All but the public key, which may stay.
TEST(SecretKey, WipesItsMemoryWhenItGoesAway) {
  alignas(SecretKey) std::array<std::uint8_t, sizeof(SecretKey)> memory{};
  auto* const key = new (memory.data()) SecretKey(key_of(7));
  const Bytes secret = secret_of(*key);
  const auto place = std::search(memory.begin(), memory.end(), secret.begin(), secret.end());
  ASSERT_NE(place, memory.end());
  key->~SecretKey();
  EXPECT_EQ(Bytes(place, place + SecretKey::kSize), Bytes(SecretKey::kSize));
}

}  // namespace
}  // namespace keystone
