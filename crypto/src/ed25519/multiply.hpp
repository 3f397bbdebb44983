// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/point.hpp"
#include "ed25519/scalar.hpp"
#include "ed25519/table.hpp"

// Sums of multiples s B + k P, B the base point, in variable time: for public numbers alone.
// Scalars must be reduced.
namespace keystone::detail::ed25519 {

// With P's table: no doublings at all.
[[nodiscard]] Extended combine(const Scalar& s, const Scalar& k, const KeyTable& p);

struct Combination {
  bool has_prime_order;  // whether L P is the identity
  Extended sum;          // s B + k P
};

// For a point of which nothing is known: k P and L P come out of one chain of doublings of P.
[[nodiscard]] Combination combine_and_check(const Scalar& s, const Scalar& k, const Extended& p);

// Whether L P is the identity: whether P is in the prime-order group.
[[nodiscard]] bool has_prime_order(const Extended& p);

}  // namespace keystone::detail::ed25519
