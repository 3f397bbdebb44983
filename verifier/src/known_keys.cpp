// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/known_keys.hpp"

#include "weak_sm_keys.hpp"

#include <algorithm>

namespace keystone {

const DevicePublicKey& test_device_key() {
  static const DevicePublicKey key(
      std::array<std::uint8_t, 32>{0x0f, 0xaa, 0xd4, 0xff, 0x01, 0x17, 0x85, 0x83, 0xba, 0xa5, 0x88,
                                   0x96, 0x6f, 0x7c, 0x1f, 0xf3, 0x25, 0x64, 0xdd, 0x17, 0xd7, 0xdc,
                                   0x2b, 0x46, 0xcb, 0x50, 0xa8, 0x4a, 0x69, 0x27, 0x0b, 0x4c});
  return key;
}

bool is_weak_sm_key(const SmPublicKey& key) {
  detail::WeakSmKey wanted{};
  std::copy(key.bytes().begin(), key.bytes().end(), wanted.begin());
  return std::binary_search(detail::kWeakSmKeys.begin(), detail::kWeakSmKeys.end(), wanted);
}

}  // namespace keystone
