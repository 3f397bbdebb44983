// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/boot.hpp"
#include "keystone/emulator/secret_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

// The file in which an emulated device's key is kept: format in docs/device-keys.md. It is read and
// written by whoever has files; here it is bytes. No message says anything of a key.
namespace keystone {

// The longest device key file, in bytes.
inline constexpr std::size_t kMaxDeviceKeyFile = 160;

// The mode that a key file is made with; with O_EXCL, so that none is ever written over.
inline constexpr std::uint32_t kKeyFileMode = 0600;

// Whether a file may be read as a key file, by what fstat(2) or lstat(2) says of it (open it with
// O_NOFOLLOW and O_NONBLOCK): `unreadable`, with a hint, unless `mode` is that of a regular file on
// which nobody but its owner has any permission; `malformed` for a size that no key file has. The
// message starts with what is wrong: the caller puts the path before it.
[[nodiscard]] Status check_key_file(std::uint32_t mode, std::uint64_t size);

// The key in a file of these bytes, which the caller wipes. `malformed` for everything that the two
// functions below do not write: there is one spelling of each key.
[[nodiscard]] Result<DeviceKey> parse_device_key(ByteView text);

// The text of a key file for a key from its seed: 92 bytes.
[[nodiscard]] SecretBytes serialize_seed(std::span<const std::uint8_t, SecretKey::kSeedSize> seed);

// The same for the expanded key, 160 bytes: of a key whose seed is not known.
[[nodiscard]] SecretBytes serialize_expanded(const DeviceKey& key);

}  // namespace keystone
