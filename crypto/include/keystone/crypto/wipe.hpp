// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace keystone {

// Overwrites `secret` with zeros in a way that no optimiser removes. For keys and tokens only:
// reports, hashes, signatures and nonces are public.
void wipe(std::span<std::uint8_t> secret);

}  // namespace keystone
