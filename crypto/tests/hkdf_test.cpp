// SPDX-License-Identifier: Apache-2.0
// The second opinion is a few lines of RFC 5869 over Crypto++'s HMAC.
#include "keystone/crypto/hkdf.hpp"

#include "support.hpp"

#include <initializer_list>
#include <set>
#include <string_view>

#include <cryptopp/hmac.h>
#include <cryptopp/sha3.h>
#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;
using nlohmann::json;

Bytes second_hmac(const Bytes& key, const Bytes& message) {
  CryptoPP::HMAC<CryptoPP::SHA3_512> mac(key.data(), key.size());
  Bytes tag(64);
  mac.CalculateDigest(tag.data(), message.data(), message.size());
  return tag;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Bytes second_hkdf(const Bytes& secret, const Bytes& info, std::size_t size) {
  const Bytes key = second_hmac(Bytes(64), secret);
  Bytes output;
  Bytes block;
  for (std::uint8_t i = 1; output.size() < size; ++i) {
    block = second_hmac(key, joined({block, info, {i}}));
    output = joined({output, block});
  }
  output.resize(size);
  return output;
}

Bytes hkdf(const Bytes& secret, const Bytes& info, std::size_t size) {
  Bytes output(size);
  EXPECT_TRUE(hkdf_sha3_512(secret, info, output));
  return output;
}

Bytes sample(std::size_t size, std::uint8_t seed) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * 7 + seed);
  }
  return bytes;
}

// That the second opinion has the right block, of 72 bytes: NIST's example values for
// HMAC_SHA3-512 with keys shorter than a block and as long (CSRC, "Message Authentication").
TEST(SecondHmac, GivesTheExampleValuesOfNist) {
  const auto counting = [](std::uint8_t size) {
    Bytes key(size);
    for (std::uint8_t i = 0; i < size; ++i) {
      key[i] = i;
    }
    return key;
  };
  const auto text = [](std::string_view message) { return Bytes(message.begin(), message.end()); };
  EXPECT_EQ(hex::encode(second_hmac(counting(64), text("Sample message for keylen<blocklen"))),
            "4efd629d6c71bf86162658f29943b1c308ce27cdfa6db0d9c3ce81763f9cbce5"
            "f7ebe9868031db1a8f8eb7b6b95e5c5e3f657a8996c86a2f6527e307f0213196");
  EXPECT_EQ(hex::encode(second_hmac(counting(72), text("Sample message for keylen=blocklen"))),
            "544e257ea2a3e5ea19a590e6a24b724ce6327757723fe2751b75bf007d80f6b3"
            "60744bf1b7a88ea585f9765b47911976d3191cf83c039f5ffab0d29cc9d9b6da");
}

TEST(Hkdf, GivesTheSealingKeysOfGenuineMonitors) {
  const json file = read_vector_json("boot-and-sealing.json");
  ASSERT_GE(file.at("sealing").size(), 5U);
  for (const json& vector : file.at("sealing")) {
    // Not read here: "sm_pub", "signature".
    require_keys(vector, {"sm_secret", "sm_pub", "enclave_hash", "key_ident", "key", "signature"});
    const Bytes secret = bytes_at(vector, "sm_secret");
    const Bytes info = joined({bytes_at(vector, "enclave_hash"), bytes_at(vector, "key_ident")});
    EXPECT_EQ(hex::encode(hkdf(secret, info, 128)), vector.at("key"));
    EXPECT_EQ(hex::encode(second_hkdf(secret, info, 128)), vector.at("key"));
  }
}

TEST(Hkdf, AgreesWithASecondImplementation) {
  for (const std::size_t secret : {0U, 1U, 64U, 71U, 72U, 73U, 500U}) {
    for (const std::size_t info : {0U, 1U, 7U, 64U, 1088U}) {
      for (const std::size_t size : {1U, 63U, 64U, 65U, 128U, 129U, 1000U}) {
        EXPECT_EQ(hkdf(sample(secret, 1), sample(info, 2), size),
                  second_hkdf(sample(secret, 1), sample(info, 2), size))
            << secret << " " << info << " " << size;
      }
    }
  }
}

TEST(Hkdf, GivesAsMuchAs255Blocks) {
  EXPECT_EQ(hkdf(sample(64, 1), sample(64, 2), kMaxHkdfOutput),
            second_hkdf(sample(64, 1), sample(64, 2), kMaxHkdfOutput));
}

TEST(HkdfDeathTest, GivesNoMore) {
  Bytes output(kMaxHkdfOutput + 1);
  EXPECT_DEATH((void)hkdf_sha3_512(sample(64, 1), {}, output), "kMaxHkdfOutput");
}

TEST(Hkdf, GivesNothingWhereNothingIsAsked) {
  EXPECT_TRUE(hkdf(sample(64, 1), sample(64, 2), 0).empty());
}

TEST(Hkdf, IsTheStartOfWhatItGivesForMore) {
  const Bytes most = hkdf(sample(64, 1), sample(64, 2), 300);
  for (std::size_t size = 0; size < most.size(); ++size) {
    EXPECT_EQ(hkdf(sample(64, 1), sample(64, 2), size),
              Bytes(most.begin(), most.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

TEST(Hkdf, WritesNothingOutside) {
  Bytes bytes(130, 0xee);
  ASSERT_TRUE(hkdf_sha3_512(sample(64, 1), {}, std::span(bytes).subspan(1, 128)));
  EXPECT_EQ(bytes.front(), 0xee);
  EXPECT_EQ(bytes.back(), 0xee);
}

TEST(Hkdf, IsAnotherForAnyOtherSecretOrInfo) {
  std::set<std::string> keys = {hex::encode(hkdf(sample(64, 1), sample(64, 2), 128))};
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Bytes other = sample(64, 1);
    other[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_TRUE(keys.insert(hex::encode(hkdf(other, sample(64, 2), 128))).second);
    other = sample(64, 2);
    other[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_TRUE(keys.insert(hex::encode(hkdf(sample(64, 1), other, 128))).second);
  }
  EXPECT_TRUE(keys.insert(hex::encode(hkdf(sample(64, 1), sample(65, 2), 128))).second);
  EXPECT_TRUE(keys.insert(hex::encode(hkdf(sample(64, 1), {}, 128))).second);
}

}  // namespace
}  // namespace keystone
