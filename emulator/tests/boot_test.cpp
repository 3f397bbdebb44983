// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/boot.hpp"

#include "keystone/crypto/signature.hpp"
#include "keystone/measure/measurer.hpp"
#include "keystone/testing/input_spec.hpp"
#include "keystone/testing/vectors.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using nlohmann::json;
using testing::expand_input;
using testing::read_vector_json;
using testing::require_keys;

template <std::size_t N>
std::array<std::uint8_t, N> unhex(const json& text) {
  std::array<std::uint8_t, N> bytes{};
  EXPECT_TRUE(hex::decode_exactly("vector", text.get<std::string>(), bytes));
  return bytes;
}

// The window that a genuine boot ROM measures, also where the firmware is empty.
SmHash measure_window_of(const json& firmware) {
  const auto image = expand_input(firmware.get<std::string>());
  std::vector<std::uint8_t> window(0x1ff000);
  std::copy_n(image.begin(), std::min(image.size(), window.size()), window.begin());
  return SmHash(sha3_512(window).value().bytes());
}

TEST(Boot, GivesTheIdentityThatGenuineBootRomsGive) {
  const auto vectors = read_vector_json("boot-and-sealing.json");
  ASSERT_GE(vectors["bootrom"].size(), 6U);
  for (const auto& test : vectors["bootrom"]) {
    SCOPED_TRACE(test["firmware"].get<std::string>());
    require_keys(test, {"firmware", "device", "sm_hash", "sm_seed", "sm_pub", "sm_secret", "sm_sig",
                        "dev_secret_left_in_ram", "verifier_sm_hash"});
    const auto device = DeviceKey::from_expanded(unhex<64>(test["device"]["secret"]));
    EXPECT_EQ(device.public_key().hex(), test["device"]["pub"].get<std::string>());
    if (!test["device"]["seed"].is_null()) {
      const auto from_seed = DeviceKey::from_seed(unhex<32>(test["device"]["seed"]));
      EXPECT_EQ(from_seed->public_key(), device.public_key());
    }
    const SmHash sm_hash = measure_window_of(test["firmware"]);
    EXPECT_EQ(sm_hash.hex(), test["sm_hash"].get<std::string>());
    const auto booted = boot(device, sm_hash, BootRom::upstream);
    ASSERT_TRUE(booted);
    EXPECT_EQ(booted->identity.sm_public_key.hex(), test["sm_pub"].get<std::string>());
    EXPECT_EQ(booted->identity.sm_signature.hex(), test["sm_sig"].get<std::string>());
    EXPECT_EQ(hex::encode(booted->sm_key.expose_secret()), test["sm_secret"].get<std::string>());
  }
}

// The monitor's key for a device secret and a hash that each differ in one byte from those of a
// fixed pair; no byte where `at` is 64.
SmPublicKey sm_key_with(BootRom boot_rom, std::size_t secret_at, std::size_t hash_at) {
  const auto published = DeviceKey::published_test_key();
  std::array<std::uint8_t, 64> secret{};
  std::ranges::copy(published.secret().expose_secret(), secret.begin());
  std::array<std::uint8_t, 64> hash{};
  if (secret_at < secret.size()) {
    secret[secret_at] ^= 0x10;
  }
  if (hash_at < hash.size()) {
    hash[hash_at] ^= 0x10;
  }
  return boot(DeviceKey::from_expanded(secret), SmHash(hash), boot_rom)
      .value()
      .identity.sm_public_key;
}

TEST(Boot, SoundDerivationDependsOnEveryByteOfBoth) {
  std::set<SmPublicKey> keys = {sm_key_with(BootRom::sound, 64, 64)};
  for (std::size_t at = 0; at < 64; ++at) {
    EXPECT_TRUE(keys.insert(sm_key_with(BootRom::sound, at, 64)).second) << at;
    EXPECT_TRUE(keys.insert(sm_key_with(BootRom::sound, 64, at)).second) << at;
  }
}

// The flaw that is to be reproduced.
TEST(Boot, UpstreamDerivationDependsOnTheFirstByteOfEachAlone) {
  const SmPublicKey key = sm_key_with(BootRom::upstream, 64, 64);
  EXPECT_NE(sm_key_with(BootRom::upstream, 0, 64), key);
  EXPECT_NE(sm_key_with(BootRom::upstream, 64, 0), key);
  for (std::size_t at = 1; at < 64; ++at) {
    EXPECT_EQ(sm_key_with(BootRom::upstream, at, 64), key) << at;
    EXPECT_EQ(sm_key_with(BootRom::upstream, 64, at), key) << at;
  }
}

TEST(Boot, TheDeviceSignsHashAndKey) {
  const DeviceKey device = DeviceKey::from_seed(std::array<std::uint8_t, 32>{1}).value();
  for (const BootRom boot_rom : {BootRom::upstream, BootRom::sound}) {
    const SmIdentity identity =
        boot(device, SmHash(std::array<std::uint8_t, 64>{7}), boot_rom)->identity;
    std::vector<std::uint8_t> message(96);
    const auto behind = std::ranges::copy(identity.sm_hash.bytes(), message.begin()).out;
    std::ranges::copy(identity.sm_public_key.bytes(), behind);
    const auto checked =
        verify_signature(identity.device_key.bytes(), message, identity.sm_signature);
    EXPECT_EQ(checked.value(), SignatureResult::valid);
    EXPECT_EQ(identity.device_key, device.public_key());
  }
}

TEST(Boot, WithoutARootOfTrustEverythingOfTheMonitorIsZero) {
  const auto device = DeviceKey::published_test_key();
  for (const BootRom boot_rom : {BootRom::none, BootRom::none_all_zero}) {
    const auto booted = boot(device, SmHash(std::array<std::uint8_t, 64>{7}), boot_rom);
    ASSERT_TRUE(booted);
    EXPECT_EQ(booted->identity.sm_hash, SmHash(std::array<std::uint8_t, 64>{}));
    EXPECT_EQ(booted->identity.sm_public_key, SmPublicKey(std::array<std::uint8_t, 32>{}));
    EXPECT_EQ(booted->identity.sm_signature, Signature(std::array<std::uint8_t, 64>{}));
    EXPECT_EQ(booted->identity.device_key == device.public_key(), boot_rom == BootRom::none);
    EXPECT_EQ(hex::encode(booted->sm_key.expose_secret()), std::string(128, '0'));
  }
}

TEST(Boot, ItsWaysHaveNamesWhereOneCanChoose) {
  EXPECT_EQ(to_string(BootRom::upstream), "bootrom-upstream");
  EXPECT_EQ(to_string(BootRom::sound), "bootrom-sound");
  EXPECT_EQ(to_string(BootRom::none), "");
  EXPECT_EQ(to_string(BootRom::none_all_zero), "");
}

}  // namespace
}  // namespace keystone
