// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/base/keys.hpp"
#include "keystone/base/result.hpp"
#include "keystone/crypto_sign/secret_key.hpp"

#include <cstdint>
#include <span>
#include <string_view>

// What a Keystone boot ROM does before it starts the firmware: from the device key and the
// measurement of the firmware to the identity of the Security Monitor in it.
namespace keystone {

// How the monitor's key comes about.
enum class BootRom : std::uint8_t {
  // Keystone's, bit for bit (bootrom/bootloader.c, 88c49ee; U-Boot SPL on the SiFive and StarFive
  // boards): seed = SHA3-512(first byte of the device secret || first byte of the SM hash)[0, 32).
  // One byte each goes in where all are meant, so there are 8,192 keys in the world.
  upstream,
  // What is meant, for vendors to adopt: seed = SHA3-512(device secret || SM hash)[0, 32), over all
  // 64 + 64 bytes. As upstream in everything else.
  sound,
  // CVA6: no root of trust. SM hash, key and signature are zero; enclaves are measured, and their
  // reports signed with a key of zeros.
  none,
  // Microchip PolarFire SoC: every hash, key and signature is zero, the enclave's too.
  none_all_zero,
};

// `bootrom-upstream`, `bootrom-sound`; empty for the others, which are properties of a platform.
[[nodiscard]] std::string_view to_string(BootRom boot_rom);

// The key that a manufacturer puts into a device. Secret: see SecretKey.
class DeviceKey {
 public:
  [[nodiscard]] static Result<DeviceKey> from_seed(std::span<const std::uint8_t, 32> seed);
  [[nodiscard]] static DeviceKey from_expanded(std::span<const std::uint8_t, 64> expanded);

  // The published key of bootrom/test_dev_key.h, keystone 88c49ee: for nothing but tests.
  [[nodiscard]] static DeviceKey published_test_key();

  [[nodiscard]] DevicePublicKey public_key() const { return DevicePublicKey(key_.public_key()); }
  [[nodiscard]] const SecretKey& secret() const { return key_; }

 private:
  explicit DeviceKey(SecretKey key) : key_(std::move(key)) {}
  SecretKey key_;
};

// What the firmware finds about itself when it starts; all of it public.
struct SmIdentity {
  SmHash sm_hash;
  SmPublicKey sm_public_key;
  Signature sm_signature;  // by the device key, over hash and key
  DevicePublicKey device_key;
};

// A Security Monitor that was booted.
struct BootedSm {
  BootRom boot_rom;
  SmIdentity identity;
  SecretKey sm_key;
};

// Boots a firmware that was measured as `sm_hash` (measure_sm()). Fails with `internal` when the
// hash function cannot run.
[[nodiscard]] Result<BootedSm> boot(const DeviceKey& device_key, const SmHash& sm_hash,
                                    BootRom boot_rom);

}  // namespace keystone
