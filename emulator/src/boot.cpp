// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/boot.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/crypto/wipe.hpp"

#include <algorithm>
#include <array>

namespace keystone {
namespace {

template <class Bytes>
Bytes zeros() {
  return Bytes(std::array<std::uint8_t, Bytes::kSize>{});
}

static_assert(SecretKey::kSize == SmHash::kSize);  // so that one number does for both

// How much of the device secret and of the SM hash goes into the seed.
std::size_t bytes_hashed(BootRom boot_rom) {
  return boot_rom == BootRom::sound ? SecretKey::kSize : 1;
}

Result<SecretKey> derive_sm_key(const DeviceKey& device_key, const SmHash& sm_hash,
                                BootRom boot_rom) {
  const std::size_t size = bytes_hashed(boot_rom);
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(ByteView(device_key.secret().expose_secret()).first(size));
  hash.update(ByteView(sm_hash.bytes()).first(size));
  std::array<std::uint8_t, 64> digest{};
  std::move(hash).finish_into(digest);
  auto key = SecretKey::from_seed(std::span(digest).first<32>());
  wipe(digest);
  return key;
}

std::array<std::uint8_t, SmHash::kSize + SmPublicKey::kSize> signed_by_device(
    const SmHash& sm_hash, const SmPublicKey& sm_key) {
  std::array<std::uint8_t, SmHash::kSize + SmPublicKey::kSize> message{};
  const auto key_at = std::copy(sm_hash.bytes().begin(), sm_hash.bytes().end(), message.begin());
  std::copy(sm_key.bytes().begin(), sm_key.bytes().end(), key_at);
  return message;
}

}  // namespace

std::string_view to_string(BootRom boot_rom) {
  switch (boot_rom) {
    case BootRom::upstream:
      return "bootrom-upstream";
    case BootRom::sound:
      return "bootrom-sound";
    case BootRom::none:
    case BootRom::none_all_zero:
      return "";
  }
  KEYSTONE_ASSERT(false);
}

Result<DeviceKey> DeviceKey::from_seed(std::span<const std::uint8_t, 32> seed) {
  KEYSTONE_TRY(auto key, SecretKey::from_seed(seed));
  return DeviceKey(std::move(key));
}

DeviceKey DeviceKey::from_expanded(std::span<const std::uint8_t, 64> expanded) {
  return DeviceKey(SecretKey::from_expanded(expanded));
}

DeviceKey DeviceKey::published_test_key() {
  constexpr std::array<std::uint8_t, 64> kExpanded = {
      0x40, 0xa0, 0x99, 0x47, 0x8c, 0xce, 0xfa, 0x3a, 0x06, 0x63, 0xab, 0xc9, 0x5e,
      0x7a, 0x1e, 0xc9, 0x54, 0xb4, 0xf5, 0xf6, 0x45, 0xba, 0xd8, 0x04, 0xdb, 0x13,
      0xe7, 0xd7, 0x82, 0x6c, 0x70, 0x73, 0x57, 0x6a, 0x9a, 0xb6, 0x21, 0x60, 0xd9,
      0xd1, 0xc6, 0xae, 0xdc, 0x29, 0x85, 0x2f, 0xb9, 0x60, 0xee, 0x51, 0x32, 0x83,
      0x5a, 0x16, 0x89, 0xec, 0x06, 0xa8, 0x72, 0x34, 0x51, 0xaa, 0x0e, 0x4a};
  return from_expanded(kExpanded);
}

Result<BootedSm> boot(const DeviceKey& device_key, const SmHash& sm_hash, BootRom boot_rom) {
  if (boot_rom == BootRom::none || boot_rom == BootRom::none_all_zero) {
    return BootedSm{
        boot_rom,
        {zeros<SmHash>(), zeros<SmPublicKey>(), zeros<Signature>(),
         boot_rom == BootRom::none ? device_key.public_key() : zeros<DevicePublicKey>()},
        SecretKey::all_zero()};
  }
  KEYSTONE_TRY(auto sm_key, derive_sm_key(device_key, sm_hash, boot_rom));
  const SmPublicKey sm_public_key(sm_key.public_key());
  KEYSTONE_TRY(const auto signature,
               device_key.secret().sign(signed_by_device(sm_hash, sm_public_key)));
  return BootedSm{
      boot_rom, {sm_hash, sm_public_key, signature, device_key.public_key()}, std::move(sm_key)};
}

}  // namespace keystone
