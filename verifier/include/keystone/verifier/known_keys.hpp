// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/keys.hpp"

// Keys of which everybody has the secret half.
namespace keystone {

// The public test device key of bootrom/test_dev_key.h, keystone 88c49ee.
[[nodiscard]] const DevicePublicKey& test_device_key();

// Whether `key` is one of the 8,192 keys that the boot ROM of Keystone can derive: it hashes one
// byte of the device secret, of which three bits are fixed, and one byte of the SM hash, where all
// 64 and 64 are meant (bootrom/bootloader.c, keystone 88c49ee). Whoever has such a key's list has
// the secret keys, too.
[[nodiscard]] bool is_weak_sm_key(const SmPublicKey& key);

}  // namespace keystone
