// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_kernel.hpp"

// Field elements in five limbs of 51 bits, canonical; the tests compute each. For lanes_*.cpp
// alone.
namespace keystone::detail::ed25519::lanes {
namespace {

constexpr std::uint64_t kZero[5] = {0, 0, 0, 0, 0};
constexpr std::uint64_t kOne[5] = {1, 0, 0, 0, 0};

// d = -121665 / 121666, and 2 d: RFC 8032, section 5.1.
constexpr std::uint64_t kD[5] = {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb,
                                 0x52036cee2b6ff};
constexpr std::uint64_t kTwiceD[5] = {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052,
                                      0x6738cc7407977, 0x2406d9dc56dff};

// i = 2^((p - 1) / 4), a square root of -1: RFC 8032, section 5.1.3.
constexpr std::uint64_t kI[5] = {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e,
                                 0x2b8324804fc1d};

// A of Curve25519, v^2 = u^3 + A u^2 + u: RFC 7748, section 4.1.
constexpr std::uint64_t kA[5] = {486662, 0, 0, 0, 0};

// Roots of A + 2, of -(A + 2) and of (A^2 - 4) / i; either root will do.
constexpr std::uint64_t kRootOfAPlus2[5] = {0x5b7106377bbd8, 0x71af6ad9382cb, 0x02d64427297b8,
                                            0x6a81ef02c4294, 0x141b0b6806563};
constexpr std::uint64_t kRootOfMinusAPlus2[5] = {0x604aaff457e06, 0x2296fa350598d, 0x7f13dfb16874f,
                                                 0x35de93d846e01, 0x0f26edf460a00};
constexpr std::uint64_t kRootOfRest[5] = {0x71277b3ba5222, 0x2970a394eb516, 0x0b29a3e775c7b,
                                          0x0f75f12ecb490, 0x219fc5bc27acf};

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
