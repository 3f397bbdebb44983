// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/es256.hpp"

#include "keystone/crypto_sign/es256_signing_key.hpp"
#include <keystone/testing/fails_with.hpp>

#include <string>

#include <openssl/err.h>

namespace keystone {
namespace {

using testing::fails_with;
using Coordinate = FixedBytes<struct CoordinateRole, 32>;

// RFC 6979, section A.2.5: the key, and what it signs deterministically with SHA-256.
constexpr std::string_view kX = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
constexpr std::string_view kY = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
constexpr std::string_view kSample =
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
constexpr std::string_view kTest =
    "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
    "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083";

// NIST SP 800-186, section 3.2.1.3: the orders of the base point and of the field.
constexpr std::string_view kOrder =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr std::string_view kField =
    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
constexpr std::string_view kZero =
    "0000000000000000000000000000000000000000000000000000000000000000";

Result<Es256PublicKey> key_of(std::string_view x, std::string_view y) {
  return Es256PublicKey::from_coordinates(Coordinate::from_hex("x", x).value().bytes(),
                                          Coordinate::from_hex("y", y).value().bytes());
}

Es256PublicKey key() {
  return key_of(kX, kY).value();
}

ByteView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool verifies(std::string_view message, std::string_view signature) {
  return es256_verify(key(), view_of(message),
                      Es256Signature::from_hex("signature", signature).value())
      .value();
}

std::string joined(std::string_view r, std::string_view s) {
  return std::string(r) + std::string(s);
}

TEST(Es256, AcceptsThePublishedSignatures) {
  EXPECT_TRUE(verifies("sample", kSample));
  EXPECT_TRUE(verifies("test", kTest));
}

TEST(Es256, RejectsAnotherMessage) {
  EXPECT_FALSE(verifies("sample", kTest));
  EXPECT_FALSE(verifies("", kSample));
  EXPECT_FALSE(verifies("sample ", kSample));
}

TEST(Es256, RejectsASignatureWithAnyBitFlipped) {
  const auto good = Es256Signature::from_hex("signature", kSample).value();
  for (std::size_t bit = 0; bit < Es256Signature::kSize * 8; ++bit) {
    std::array<std::uint8_t, Es256Signature::kSize> bytes{};
    std::copy(good.bytes().begin(), good.bytes().end(), bytes.begin());
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_EQ(es256_verify(key(), view_of("sample"), Es256Signature(bytes)), false) << bit;
  }
}

TEST(Es256, RejectsNumbersOutsideTheOrder) {
  const std::string_view r = kSample.substr(0, 64);
  const std::string_view s = kSample.substr(64);
  const std::string all_ones(64, 'f');
  for (const std::string_view bad : {kZero, kOrder, std::string_view(all_ones)}) {
    EXPECT_FALSE(verifies("sample", joined(bad, s))) << bad;
    EXPECT_FALSE(verifies("sample", joined(r, bad))) << bad;
    EXPECT_FALSE(verifies("sample", joined(bad, bad))) << bad;
  }
}

TEST(Es256, RejectsAnotherKey) {
  const auto other = Es256SigningKey::generate().value().public_key();
  EXPECT_EQ(es256_verify(other, view_of("sample"),
                         Es256Signature::from_hex("signature", kSample).value()),
            false);
}

TEST(Es256, TakesNoPointOutsideTheCurve) {
  std::string off(kY);
  off.back() = '8';
  EXPECT_TRUE(fails_with(key_of(kX, off), ErrorCode::malformed, "P-256"));
  EXPECT_TRUE(fails_with(key_of(kY, kX), ErrorCode::malformed));
  EXPECT_TRUE(fails_with(key_of(kZero, kZero), ErrorCode::malformed));
  EXPECT_TRUE(fails_with(key_of(kField, kY), ErrorCode::malformed));
  EXPECT_TRUE(fails_with(key_of(kX, kField), ErrorCode::malformed));
}

// The points with x = 0 are on the curve; x = p would be another spelling of the same.
TEST(Es256, TakesNoCoordinateThatIsNotReduced) {
  constexpr std::string_view kYOfZero =
      "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
  EXPECT_TRUE(key_of(kZero, kYOfZero));
  EXPECT_TRUE(fails_with(key_of(kField, kYOfZero), ErrorCode::malformed));
}

// The key of RFC 7515, section A.3.1, written by python3-cryptography.
constexpr std::string_view kPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n"
    "6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
    "-----END PUBLIC KEY-----\n";

TEST(Es256, ReadsAPublicKeyFile) {
  const auto read = Es256PublicKey::from_pem(kPem);
  ASSERT_TRUE(testing::succeeds(read));
  EXPECT_EQ(Coordinate(read->x()).hex(),
            "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445");
  EXPECT_EQ(Coordinate(read->y()).hex(),
            "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad");
  EXPECT_FALSE(*read == key());
}

// Keys of other kinds, by the same.
constexpr std::string_view kPemP384 =
    "-----BEGIN PUBLIC KEY-----\n"
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEEQljxPMnxtX+lIV+Bn0h/Wo+/gxbO+n9\n"
    "ZHh+o6PIk4rxrPgqEPy/eFUu+MvXtY7Y5SAD8r8In8I0wtqCoQsdFJ+pch6uzUYO\n"
    "Ylc8ttrRQTOLK+zMhKf7WENXmv3rbLYO\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kPemSecp256k1 =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEp0rBgzHC4H9Dt3ipdAQrvS7JZNU69PhM\n"
    "tt/wyTZQe6QrBJgm5vKLK3aVbIH0rtiizC8w8xEvwWxy9yjW4VPpMQ==\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kPemEd25519 =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA5xlrbA9ld3fjrNHnYKYN4WgX9A+qAjt3WguumBk8BnQ=\n"
    "-----END PUBLIC KEY-----\n";

TEST(Es256, TakesNoOtherKeyFile) {
  for (const std::string_view text : {kPemP384, kPemSecp256k1, kPemEd25519, std::string_view(""),
                                      std::string_view("-----BEGIN PUBLIC KEY-----\n")}) {
    EXPECT_TRUE(fails_with(Es256PublicKey::from_pem(text), ErrorCode::malformed)) << text;
  }
  EXPECT_FALSE(Es256PublicKey::from_pem(kPem.substr(0, kPem.size() / 2)));
}

TEST(Es256, TakesOneKeyAFileAndNothingBesideIt) {
  EXPECT_TRUE(Es256PublicKey::from_pem(kPem));
  EXPECT_FALSE(Es256PublicKey::from_pem(std::string(kPem) + std::string(kPem)));
  EXPECT_FALSE(Es256PublicKey::from_pem("a key\n" + std::string(kPem)));
  EXPECT_FALSE(Es256PublicKey::from_pem(std::string(kPem) + "more\n"));
  EXPECT_FALSE(Es256PublicKey::from_pem(std::string(kPem) + std::string(5000, '\n')));
}

TEST(Es256, LeavesNoErrorsOfTheBackendBehind) {
  ASSERT_EQ(ERR_peek_error(), 0U);
  EXPECT_FALSE(key_of(kZero, kZero));
  EXPECT_FALSE(Es256PublicKey::from_pem(kPemP384));
  EXPECT_FALSE(verifies("other", kSample));
  EXPECT_FALSE(Es256SigningKey::from_pem(view_of(kPem)));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace keystone
