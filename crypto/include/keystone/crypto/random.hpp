// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace keystone {

// Randomness of the operating system, fit for keys and nonces. Aborts if there is none.
// Thread-safe.
void fill_random(std::span<std::uint8_t> out);

}  // namespace keystone
