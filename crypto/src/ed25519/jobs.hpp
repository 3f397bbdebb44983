// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/point.hpp"
#include "ed25519/scalar.hpp"
#include "ed25519/table.hpp"

// What is asked of the arithmetic: encode(s B - k A) for a public key A.
namespace keystone::detail::ed25519 {

// Points to what the caller keeps.
struct PointJob {
  const Scalar* s;  // reduced, as is k
  const Scalar* k;

  // One of: the multiples of -A; and the encoding of A, canonical and of a point whose order, if it
  // is a point, is not 1, 2, 4 or 8. The other is null.
  const KeyTable* minus_a;
  const EncodedPoint* key;
};

enum class KeyFault : std::uint8_t { none, mixed_order, not_on_curve };

struct PointResult {
  KeyFault fault;        // `none` for a key that has a table
  EncodedPoint encoded;  // encode(s B - k A), where the fault is `none`; else unspecified
};

}  // namespace keystone::detail::ed25519
