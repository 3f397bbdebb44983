// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_constants.hpp"

// Powers and square roots in lanes. For lanes_*.cpp alone. `Field` is the type of a kernel's field;
// its functions are found by their arguments.
namespace keystone::detail::ed25519::lanes {
namespace {

template <class Field>
[[gnu::always_inline]] inline Field product(const Field& a, const Field& b) {
  return carry(multiply(a, b));
}

template <class Field>
[[gnu::always_inline]] inline Field squared(const Field& a) {
  return carry(square(a));
}

// a^(2^count).
template <class Field>
Field square_often(Field a, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    a = squared(a);
  }
  return a;
}

template <class Field>
struct Powers {
  Field a11;   // a^11
  Field b250;  // a^(2^250 - 1)
};

// b(n) stands for a^(2^n - 1), and b(m + n) = b(m)^(2^n) b(n).
template <class Field>
Powers<Field> powers(const Field& a) {
  const Field a2 = squared(a);
  const Field a9 = product(square_often(a2, 2), a);
  const Field a11 = product(a9, a2);
  const Field b5 = product(squared(a11), a9);  // 2 11 + 9 = 2^5 - 1
  const Field b10 = product(square_often(b5, 5), b5);
  const Field b20 = product(square_often(b10, 10), b10);
  const Field b40 = product(square_often(b20, 20), b20);
  const Field b50 = product(square_often(b40, 10), b10);
  const Field b100 = product(square_often(b50, 50), b50);
  const Field b200 = product(square_often(b100, 100), b100);
  return {a11, product(square_often(b200, 50), b50)};
}

// a^(p - 2): 1 / a, and 0 for 0.
template <class Field>
Field invert(const Powers<Field>& p) {
  return product(square_often(p.b250, 5), p.a11);  // 2^5 (2^250 - 1) + 11 = p - 2
}

// a^((p - 5) / 8).
template <class Field>
Field power_for_root(const Field& a, const Powers<Field>& p) {
  return product(square_often(p.b250, 2), a);  // 2^2 (2^250 - 1) + 1 = 2^252 - 3
}

// Which numbers have a^((p - 1) / 4) = 1: the fourth powers, but zero.
template <class Field>
unsigned is_fourth_power(const Field& a, const Powers<Field>& p) {
  const Field power = product(squared(power_for_root(a, p)), a);  // 2 (p - 5) / 8 + 1
  return is_zero(difference(power, Field::repeat(kOne)));
}

// For u and v, not zero, let z = (u / v)^((p - 1) / 4): one of 1, -1, i and -i, with i that of
// lanes_constants.hpp. Then root^2 = z u / v and inverse^2 = z v / u; u / v is a square where
// z is 1 or -1.
template <class Field>
struct RootOfQuotient {
  Field root;
  Field inverse;
  unsigned is_one;
  unsigned is_minus_one;
  unsigned is_i;
};

// After RFC 8032, section 5.1.3, step 2: with e = (u v^7)^((p - 5) / 8), e^2 u v^7 = z, as v^8 has
// the fourth power v^(2 (p - 1)) = 1. So (u v^3 e)^2 = z u / v and (v^4 e)^2 = z v / u.
template <class Field>
RootOfQuotient<Field> root_of_quotient(const Field& u, const Field& v) {
  const Field v3 = product(squared(v), v);
  const Field v4 = product(v3, v);
  const Field uv3 = product(u, v3);
  const Field uv7 = product(uv3, v4);
  const Field e = power_for_root(uv7, powers(uv7));
  const Field root = product(uv3, e);
  const Field zu = product(squared(root), v);
  const Field iu = product(u, Field::repeat(kI));
  return {root, product(v4, e), is_zero(difference(zu, u)), is_zero(zu + u),
          is_zero(difference(zu, iu))};
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
