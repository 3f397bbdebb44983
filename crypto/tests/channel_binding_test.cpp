// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/channel_binding.hpp"

#include "keystone/testing/fails_with.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <cryptopp/sha3.h>
#include <gtest/gtest.h>

namespace keystone {
namespace {

using keystone::testing::fails_with;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMost = 65536;

// The fields of a transcript, which only views them.
struct Fields {
  std::string suite = "x25519-chacha20poly1305";
  Bytes client = Bytes(32, 0x11);
  Bytes enclave = Bytes(32, 0x22);
  Bytes nonce = Bytes(32, 0x33);
  Bytes earlier = {'h', 'e', 'l', 'l', 'o'};

  [[nodiscard]] Result<ChannelBinding> bind() const {
    return bind_channel({suite, client, enclave, nonce, earlier});
  }
  [[nodiscard]] std::string hex() const { return bind().value().hex(); }
};

// --- the formula, written down a second time ----------------------------------------------------

Bytes sha3(const Bytes& bytes) {
  Bytes digest(64);
  CryptoPP::SHA3_512().CalculateDigest(digest.data(), bytes.data(), bytes.size());
  return digest;
}

void append(Bytes& all, const Bytes& field) {
  for (std::size_t byte = 0; byte < 4; ++byte) {
    all.push_back(static_cast<std::uint8_t>(field.size() / (std::size_t{1} << 8 * byte) % 256));
  }
  all.insert(all.end(), field.begin(), field.end());
}

std::string formula(const Fields& fields) {
  const std::string label = "keystone-attest/channel/v1";
  Bytes all(label.begin(), label.end());
  all.push_back(0);
  append(all, Bytes(fields.suite.begin(), fields.suite.end()));
  append(all, fields.client);
  append(all, fields.enclave);
  append(all, fields.nonce);
  append(all, sha3(fields.earlier));
  return hex::encode(sha3(all));
}

TEST(BindChannel, IsTheFormula) {
  EXPECT_EQ(Fields().hex(), formula({}));
  for (const std::size_t size : {1U, 32U, 97U, 255U, 256U, 257U, 65535U, 65536U}) {
    Fields fields;
    fields.suite = std::string(size, 's');
    fields.client = Bytes(size, 0xc1);
    fields.enclave = Bytes(size, 0xe1);
    fields.nonce = Bytes(std::max<std::size_t>(size, 32), 0x0e);
    fields.earlier = Bytes(size * 20, 0xea);
    EXPECT_EQ(fields.hex(), formula(fields)) << size;
  }
}

TEST(BindChannel, TakesAHandshakeOfNoBytes) {
  Fields fields;
  fields.earlier = {};
  EXPECT_EQ(fields.hex(), formula(fields));
}

// Computed with the sha3_512 of Python's hashlib over the bytes of the formula.
TEST(BindChannel, GivesTheKnownAnswer) {
  EXPECT_EQ(Fields().hex(),
            "d87db83db3113114004943cd8c01b0306985053b0a37522b8dfbbcc8f480ebc1"
            "750272791c3ba6fda2f1b7713aa4567504cb3bb71610b658429e286b0ca67bfa");
}

// --- what changes it ----------------------------------------------------------------------------

TEST(BindChannel, ChangesWithEveryField) {
  const std::string whole = Fields().hex();
  for (Bytes Fields::*const field :
       {&Fields::client, &Fields::enclave, &Fields::nonce, &Fields::earlier}) {
    for (std::size_t bit = 0; bit < 5 * 8; ++bit) {
      Fields fields;
      (fields.*field)[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      EXPECT_NE(fields.hex(), whole) << bit;
    }
    Fields longer;
    (longer.*field).push_back(0);
    EXPECT_NE(longer.hex(), whole);
  }
  Fields fields;
  fields.suite.back() = '6';
  EXPECT_NE(fields.hex(), whole);
  fields = {};
  fields.suite.push_back('\0');
  EXPECT_NE(fields.hex(), whole);
}

TEST(BindChannel, ChangesWhenKeysChangePlaces) {
  Fields fields;
  std::swap(fields.client, fields.enclave);
  EXPECT_NE(fields.hex(), Fields().hex());
}

// Without lengths between the fields, each of these would be the same bytes as the one before.
TEST(BindChannel, ChangesWhenAByteMovesToTheNextField) {
  Fields fields;
  fields.nonce = Bytes(40, 0x11);
  fields.enclave = Bytes(32, 0x11);
  const std::string whole = fields.hex();
  const auto moved = [&](Bytes Fields::*from, Bytes Fields::*to) {
    Fields other = fields;
    (other.*from).pop_back();
    (other.*to).push_back(0x11);
    return other.hex();
  };
  EXPECT_NE(moved(&Fields::client, &Fields::enclave), whole);
  EXPECT_NE(moved(&Fields::enclave, &Fields::client), whole);
  EXPECT_NE(moved(&Fields::enclave, &Fields::nonce), whole);
  EXPECT_NE(moved(&Fields::nonce, &Fields::enclave), whole);
  Fields into_suite = fields;
  into_suite.client.pop_back();
  into_suite.suite.push_back('\x11');
  EXPECT_NE(into_suite.hex(), whole);
}

// --- what it does not take ----------------------------------------------------------------------

TEST(BindChannel, RefusesANonceOfLessThan32Bytes) {
  for (const std::size_t size : {0U, 1U, 8U, 31U}) {
    Fields fields;
    fields.nonce = Bytes(size, 0x33);
    EXPECT_TRUE(fails_with(fields.bind(), ErrorCode::usage,
                           {"nonce: got " + std::to_string(size) + " bytes", "32 to 65536"}));
  }
}

TEST(BindChannel, RefusesEmptyFields) {
  Fields fields;
  fields.suite = "";
  EXPECT_TRUE(fails_with(fields.bind(), ErrorCode::usage, "suite: got 0 bytes"));
  fields = {};
  fields.client = {};
  EXPECT_TRUE(fails_with(fields.bind(), ErrorCode::usage, "client public key: got 0 bytes"));
  fields = {};
  fields.enclave = {};
  EXPECT_TRUE(fails_with(fields.bind(), ErrorCode::usage, "enclave public key: got 0 bytes"));
}

TEST(BindChannel, RefusesFieldsOfMoreThan64KiB) {
  Fields fields;
  fields.suite = std::string(kMost + 1, 's');
  EXPECT_TRUE(fails_with(fields.bind(), ErrorCode::usage, "suite: got 65537 bytes"));
  const std::pair<Bytes Fields::*, std::string_view> others[] = {
      {&Fields::client, "client public key: got 65537 bytes"},
      {&Fields::enclave, "enclave public key: got 65537 bytes"},
      {&Fields::nonce, "nonce: got 65537 bytes"}};
  for (const auto& [field, fact] : others) {
    Fields too_long;
    too_long.*field = Bytes(kMost + 1);
    EXPECT_TRUE(fails_with(too_long.bind(), ErrorCode::usage, fact));
    too_long.*field = Bytes(kMost);
    EXPECT_TRUE(too_long.bind());
  }
}

}  // namespace
}  // namespace keystone
