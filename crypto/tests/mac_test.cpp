// SPDX-License-Identifier: Apache-2.0
// The second opinion is Crypto++'s.
#include "keystone/crypto/mac.hpp"

#include "keystone/crypto/random.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <cryptopp/hmac.h>
#include <cryptopp/sha3.h>
#include <gtest/gtest.h>

namespace keystone {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Tag = std::array<std::uint8_t, 64>;

constexpr std::size_t kBlock = 72;  // bytes; a longer key is hashed first

// Bytes that differ from one another and from seed to seed.
Bytes counted_bytes(std::size_t size, std::uint8_t seed) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * 7 + seed);
  }
  return bytes;
}

Tag second_opinion(const Bytes& key, const Bytes& message) {
  CryptoPP::HMAC<CryptoPP::SHA3_512> mac(key.data(), key.size());
  Tag tag{};
  mac.CalculateDigest(tag.data(), message.data(), message.size());
  return tag;
}

Tag tag_of(const Bytes& key, const Bytes& message) {
  Tag tag{};
  EXPECT_TRUE(hmac_sha3_512(key, message, tag));
  return tag;
}

TEST(HmacSha3, AgreesWithASecondImplementation) {
  for (const std::size_t key_size : {std::size_t{1}, std::size_t{32}, std::size_t{64}, kBlock - 1,
                                     kBlock, kBlock + 1, std::size_t{200}}) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, kBlock - 1, kBlock, kBlock + 1, std::size_t{1000}}) {
      const Bytes key = counted_bytes(key_size, 1);
      const Bytes message = counted_bytes(size, 2);
      EXPECT_EQ(tag_of(key, message), second_opinion(key, message)) << key_size << " " << size;
    }
  }
}

TEST(HmacSha3, TakesAnEmptyKey) {
  EXPECT_EQ(tag_of({}, counted_bytes(10, 2)), second_opinion({}, counted_bytes(10, 2)));
  EXPECT_EQ(tag_of({}, {}), second_opinion({}, {}));
}

TEST(HmacSha3, IsAnotherOneForAnyOtherKeyOrMessage) {
  const Bytes key = counted_bytes(32, 1);
  const Bytes message = counted_bytes(40, 2);
  std::set<Tag> tags = {tag_of(key, message)};
  for (std::size_t bit = 0; bit < key.size() * 8; ++bit) {
    Bytes other = key;
    other[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_TRUE(tags.insert(tag_of(other, message)).second);
  }
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_TRUE(tags.insert(tag_of(key, Bytes(message.begin(),
                                              message.begin() + static_cast<std::ptrdiff_t>(size))))
                    .second);
  }
}

TEST(EqualInConstantTime, IsTrueForEqualBytesAlone) {
  for (const std::size_t size : {0U, 1U, 32U, 64U}) {
    const Bytes bytes = counted_bytes(size, 1);
    EXPECT_TRUE(equal_in_constant_time(bytes, Bytes(bytes)));
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      Bytes other = bytes;
      other[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      EXPECT_FALSE(equal_in_constant_time(bytes, other));
    }
  }
}

TEST(EqualInConstantTime, IsFalseForAnotherLength) {
  EXPECT_FALSE(equal_in_constant_time(Bytes(32), Bytes(31)));
  EXPECT_FALSE(equal_in_constant_time(Bytes(31), Bytes(32)));
  EXPECT_FALSE(equal_in_constant_time(Bytes(1), Bytes()));
}

TEST(Random, FillsAllBytesAnewAndNoOthers) {
  std::set<Bytes> seen;
  for (int i = 0; i < 100; ++i) {
    Bytes bytes(34, 0xee);
    fill_random(std::span(bytes).subspan(1, 32));
    EXPECT_EQ(bytes.front(), 0xee);
    EXPECT_EQ(bytes.back(), 0xee);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
  for (std::size_t at = 1; at < 33; ++at) {  // none of the 32 stays what it was: chance 256^-99
    EXPECT_TRUE(std::any_of(seen.begin(), seen.end(),
                            [&](const Bytes& bytes) { return bytes[at] != 0xee; }));
  }
}

TEST(Random, FillsNothing) {
  fill_random({});
}

}  // namespace
}  // namespace keystone
