// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace keystone::detail {

using WeakSmKey = std::array<std::uint8_t, 32>;

// 32 first bytes that a clamped device secret can have, times 256 of an SM hash.
inline constexpr std::size_t kWeakSmKeyCount = 32 * 256;

// In ascending order. Written by generator/weak_sm_keys.cpp when this part is built.
extern const std::array<WeakSmKey, kWeakSmKeyCount> kWeakSmKeys;

}  // namespace keystone::detail
