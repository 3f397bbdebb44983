// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/digest.hpp"

#include <algorithm>
#include <random>
#include <type_traits>
#include <vector>

#include <cryptopp/sha.h>
#include <cryptopp/sha3.h>
#include <gtest/gtest.h>

namespace keystone {
namespace {

using Bytes = std::vector<std::uint8_t>;

static_assert(!std::is_copy_constructible_v<Sha3_512> && !std::is_copy_constructible_v<Sha256>);
static_assert(!std::is_constructible_v<EnclaveHash, Digest512>);
static_assert(!std::is_constructible_v<SmHash, Digest512>);

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

// The digest of `bytes` that arrive in pieces which end at `cuts`.
template <class Hash>
std::string digest_in_pieces(ByteView bytes, std::vector<std::size_t> cuts) {
  auto hash = Hash::create();
  if (!hash) {
    return hash.error().message;
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.push_back(bytes.size());
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    hash->update(bytes.subspan(at, cut - at));
    at = cut;
  }
  return std::move(*hash).finish().hex();
}

template <class Hash>
std::string digest(ByteView bytes) {
  return digest_in_pieces<Hash>(bytes, {});
}

// The second opinion: an implementation with no code in common with the one under test.
template <class Reference>
std::string reference_digest(ByteView bytes) {
  Bytes out(Reference::DIGESTSIZE);
  Reference().CalculateDigest(out.data(), bytes.data(), bytes.size());
  return hex::encode(out);
}

// --- known answers -----------------------------------------------------------------------------

// NIST, Cryptographic Standards and Guidelines, example values for SHA3-512: messages of 0 and of
// 1600 bits; for "abc", the example of the FIPS 202 test set.
constexpr std::string_view kSha3OfNothing =
    "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6"
    "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26";
constexpr std::string_view kSha3OfAbc =
    "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
    "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0";
constexpr std::string_view kSha3Of1600Bits =
    "e76dfad22084a8b1467fcf2ffa58361bec7628edf5f3fdc0e4805dc48caeeca8"
    "1b7c13c30adf52a3659584739a2df46be589c51ca1a4a8416df6545a1ce8ba00";

TEST(Sha3, GivesTheKnownAnswers) {
  EXPECT_EQ(digest<Sha3_512>({}), kSha3OfNothing);
  EXPECT_EQ(digest<Sha3_512>(bytes_of("abc")), kSha3OfAbc);
  EXPECT_EQ(digest<Sha3_512>(Bytes(200, 0xa3)), kSha3Of1600Bits);
}

TEST(Sha3, GivesThemForBytesThatAreAllThere) {
  EXPECT_EQ(sha3_512({})->hex(), kSha3OfNothing);
  EXPECT_EQ(sha3_512(bytes_of("abc"))->hex(), kSha3OfAbc);
  EXPECT_EQ(sha3_512(Bytes(200, 0xa3))->hex(), kSha3Of1600Bits);
}

// FIPS 180-4's examples: the empty message, "abc", 448 bits and a million letters.
TEST(Sha256, GivesTheKnownAnswers) {
  EXPECT_EQ(digest<Sha256>({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest<Sha256>(bytes_of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest<Sha256>(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digest<Sha256>(Bytes(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// --- the second opinion ------------------------------------------------------------------------

// Lengths about the rate of SHA3-512 (72 bytes) and the block of SHA-256 (64), then any.
std::vector<std::size_t> lengths(std::mt19937_64& random) {
  std::vector<std::size_t> all;
  for (const std::size_t unit : {64U, 72U}) {
    for (std::size_t times = 1; times <= 4; ++times) {
      for (std::size_t length = unit * times - 10; length <= unit * times + 1; ++length) {
        all.push_back(length);
      }
    }
  }
  all.insert(all.end(), {0, 1, 2, 4095, 4096, 4097, 5000});
  for (int i = 0; i < 200; ++i) {
    all.push_back(random() % 5001);
  }
  return all;
}

template <class Hash, class Reference>
void expect_agreement() {
  std::mt19937_64 random(20260);  // the same inputs in every run
  for (const std::size_t length : lengths(random)) {
    Bytes bytes(length);
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
    const std::string want = reference_digest<Reference>(bytes);
    EXPECT_EQ(digest<Hash>(bytes), want) << length << " bytes";
    for (int way = 0; way < 4; ++way) {
      std::vector<std::size_t> cuts(random() % 8);
      std::generate(cuts.begin(), cuts.end(), [&] { return random() % (length + 1); });
      EXPECT_EQ(digest_in_pieces<Hash>(bytes, cuts), want) << length << " bytes in pieces";
    }
  }
}

TEST(Sha3, AgreesWithASecondImplementationHoweverBytesAreCut) {
  expect_agreement<Sha3_512, CryptoPP::SHA3_512>();
}

TEST(Sha256, AgreesWithASecondImplementationHoweverBytesAreCut) {
  expect_agreement<Sha256, CryptoPP::SHA256>();
}

TEST(Sha3, TakesBytesOneByOne) {
  const Bytes bytes(200, 0xa3);
  std::vector<std::size_t> cuts(bytes.size());
  std::iota(cuts.begin(), cuts.end(), std::size_t{0});
  EXPECT_EQ(digest_in_pieces<Sha3_512>(bytes, cuts), kSha3Of1600Bits);
}

TEST(Sha3, IsNotTheKeccakOfBeforeTheStandard) {
  EXPECT_NE(digest<Sha3_512>({}).substr(0, 16), "0eab42de4c3ceb92");  // Keccak-512 of nothing
}

// --- what changes the answer ---------------------------------------------------------------------

TEST(Sha3, ChangesWithEveryBitAndEveryLength) {
  Bytes bytes(73, 0);
  const std::string whole = digest<Sha3_512>(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
    bytes[bit / 8] ^= mask;
    EXPECT_NE(digest<Sha3_512>(bytes), whole) << bit;
    bytes[bit / 8] ^= mask;
  }
  EXPECT_NE(digest<Sha3_512>(Bytes(72, 0)), whole);
  EXPECT_NE(digest<Sha3_512>(Bytes(74, 0)), whole);
}

TEST(Sha3, KeepsHashesThatRunAtTheSameTimeApart) {
  auto first = Sha3_512::create();
  auto second = Sha3_512::create();
  ASSERT_TRUE(first && second);
  first->update(bytes_of("a"));
  second->update(Bytes(100, 0xa3));
  first->update(bytes_of("bc"));
  second->update(Bytes(100, 0xa3));
  EXPECT_EQ(std::move(*first).finish().hex(), kSha3OfAbc);
  EXPECT_EQ(std::move(*second).finish().hex(), kSha3Of1600Bits);
}

TEST(Sha3, MovesWithWhatItHasSeen) {
  auto hash = Sha3_512::create();
  ASSERT_TRUE(hash);
  hash->update(bytes_of("ab"));
  Sha3_512 moved = std::move(*hash);
  moved.update(bytes_of("c"));
  EXPECT_EQ(std::move(moved).finish().hex(), kSha3OfAbc);
}

}  // namespace
}  // namespace keystone
