// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/random.hpp"

#include "keystone/base/assert.hpp"

#include <sodium/core.h>
#include <sodium/randombytes.h>

namespace keystone {

void fill_random(std::span<std::uint8_t> out) {
  static const bool ready = sodium_init() >= 0;
  KEYSTONE_ASSERT(ready);
  if (!out.empty()) {  // libsodium takes no null pointer, which an empty span may have
    randombytes_buf(out.data(), out.size());
  }
}

}  // namespace keystone
