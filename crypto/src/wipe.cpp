// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/wipe.hpp"

#include <sodium/utils.h>

namespace keystone {

void wipe(std::span<std::uint8_t> secret) {
  sodium_memzero(secret.data(), secret.size());
}

}  // namespace keystone
