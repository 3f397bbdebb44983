// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/keys.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

// The arithmetic of edwards25519 on every point of the curve, those outside the prime-order group
// included: to make keys and signatures that no honest signer makes. For tests; slow.
namespace keystone::compat {

// Little-endian, 32 bytes: a point in its encoding, or a number below 2^256.
using Bytes32 = std::array<std::uint8_t, 32>;
using View32 = std::span<const std::uint8_t, 32>;

// L, the order of the prime-order group: 2^252 + 27742317777372353535851937790883648493
// (RFC 8032, section 5.1).
inline constexpr Bytes32 kGroupOrder = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

// The neutral element: x = 0, y = 1.
inline constexpr Bytes32 kIdentity = {1};

// y is taken mod p, and the sign of x ignored where x = 0.
[[nodiscard]] bool is_on_curve(View32 point);

// Sums and multiples, in canonical encoding. Points must be on the curve, else std::domain_error.
// The number of times() is not reduced: a point of order 8 tells n from n + L.
[[nodiscard]] Bytes32 add(View32 a, View32 b);
[[nodiscard]] Bytes32 subtract(View32 a, View32 b);
[[nodiscard]] Bytes32 times(View32 number, View32 point);
[[nodiscard]] Bytes32 times_base(View32 number);

// The sum of two numbers. Requires that it is below 2^256.
[[nodiscard]] Bytes32 sum(View32 a, View32 b);

// The points of order 1, 2, 4 and 8 in canonical encoding: [i] is i times the first of order 8.
[[nodiscard]] std::array<Bytes32, 8> torsion_points();

// Every encoding that y mod p and an ignored sign give for these points: 14.
[[nodiscard]] std::vector<Bytes32> small_order_encodings();

// Every encoding whose y is p or more, on the curve or not: 2 times 19.
[[nodiscard]] std::vector<Bytes32> non_canonical_encodings();

// Everything that goes into a signature, of which no part need fit another:
// S = r + SHA3-512(commitment || key || message) a mod L.
struct Signer {
  Bytes32 a;           // the secret scalar
  Bytes32 key;         // its public key, or what is passed off as one
  Bytes32 r;           // the secret of this signature
  Bytes32 commitment;  // r B, or what is passed off as it

  [[nodiscard]] Signature sign(ByteView message) const;
};

// SHA3-512(r || key || message) mod L.
[[nodiscard]] Bytes32 challenge(View32 r, View32 key, ByteView message);

}  // namespace keystone::compat
