// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/known_keys.hpp"

#include "keystone/testing/vectors.hpp"
#include "setting.hpp"
#include "weak_sm_keys.hpp"

#include <set>

namespace keystone {
namespace {

using testing::field_for;
using testing::read_vector_json;
using testing::rejects_for;
using testing::require_keys;
using testing::Setting;

SmPublicKey key_at(std::size_t index) {
  return SmPublicKey(detail::kWeakSmKeys.at(index));
}

// By a second derivation of all keys, in another language.
TEST(WeakSmKeys, AreTheOnesThatTheVectorsKnow) {
  const auto vectors = read_vector_json("boot-and-sealing.json");
  require_keys(vectors, {"what", "bootrom", "sealing", "weak_sm_keys"});
  const auto& want = vectors["weak_sm_keys"];
  require_keys(want, {"count", "sha256_of_sorted_lower_hex_public_keys_each_with_newline"});
  std::set<std::string> lines;
  for (const detail::WeakSmKey& key : detail::kWeakSmKeys) {
    lines.insert(hex::encode(key) + "\n");
  }
  EXPECT_EQ(lines.size(), want["count"]);
  auto hash = Sha256::create().value();
  for (const std::string& line : lines) {
    hash.update({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
  }
  EXPECT_EQ(std::move(hash).finish().hex(),
            want["sha256_of_sorted_lower_hex_public_keys_each_with_newline"]);
}

TEST(WeakSmKeys, AreAllFound) {
  for (std::size_t i = 0; i < detail::kWeakSmKeyCount; ++i) {
    EXPECT_TRUE(is_weak_sm_key(key_at(i))) << i;
  }
}

TEST(WeakSmKeys, AreWhatTheGenuineBootRomDerives) {
  const auto vectors = read_vector_json("boot-and-sealing.json");
  ASSERT_EQ(vectors["bootrom"].size(), 6U);
  for (const auto& test : vectors["bootrom"]) {
    const auto key = SmPublicKey::from_hex("sm_pub", test["sm_pub"].get<std::string>());
    EXPECT_TRUE(is_weak_sm_key(key.value())) << test["sm_pub"];
  }
}

TEST(WeakSmKeys, AreNoOthers) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(is_weak_sm_key(field_for<SmPublicKey>(std::to_string(i))));
  }
  EXPECT_FALSE(is_weak_sm_key(Setting().attester.sm_key()));
}

TEST(WeakSmKeys, HaveNeighboursThatAreNot) {
  for (std::size_t i = 0; i < detail::kWeakSmKeyCount; i += 100) {
    for (std::size_t at = 0; at < SmPublicKey::kSize; ++at) {
      auto bytes = detail::kWeakSmKeys.at(i);
      bytes.at(at) ^= 1;
      EXPECT_FALSE(is_weak_sm_key(SmPublicKey(bytes))) << i << " " << at;
    }
  }
  for (const std::uint8_t byte : {std::uint8_t{0}, std::uint8_t{255}}) {
    std::array<std::uint8_t, SmPublicKey::kSize> bytes{};
    bytes.fill(byte);
    EXPECT_FALSE(is_weak_sm_key(SmPublicKey(bytes)));
  }
}

TEST(WeakSmKeys, RejectTheReportsThatTheySign) {
  Setting setting;
  setting.attester.sm = [] {
    const Digest512 seed = sha3_512(std::array<std::uint8_t, 2>{0x40, 0xd5}).value();
    return SecretKey::from_seed(seed.bytes().first<32>()).value();
  }();
  setting.report = setting.attester.report(setting.nonce.bytes());
  EXPECT_TRUE(rejects_for(setting.verify(), Check::sm_key_strength, "weak_key"));
}

TEST(TestDeviceKey, IsThePublishedOne) {
  const auto manifest = read_vector_json("genuine/manifest.json");
  EXPECT_EQ(test_device_key().hex(), manifest["device_public_key"]);
}

}  // namespace
}  // namespace keystone
