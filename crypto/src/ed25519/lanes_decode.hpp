// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_point.hpp"

// Strict decoding of public keys in lanes. For lanes_*.cpp alone.
namespace keystone::detail::ed25519::lanes {
namespace {

template <class Field>
struct Decoded {
  Field x;
  Field y;
  unsigned on_curve;  // elsewhere the point is the identity
};

// What x^2 is: the quotient of these (RFC 8032, section 5.1.3).
template <class Field>
struct Quotient {
  Field u;
  Field v;
};

template <class Field>
Quotient<Field> square_of_x(const Field& y) {
  const Field one = Field::repeat(kOne);
  const Field yy = squared(y);
  return {difference(yy, one), sum(multiply(yy, Field::repeat(kD)), one)};
}

// RFC 8032, section 5.1.3, with the root of that quotient, and x odd where the mask is set.
// Requires canonical encodings, with x not zero: x = 0 has small order.
template <class Field>
Decoded<Field> decode(const Field& y, const RootOfQuotient<Field>& of_xx, unsigned odd) {
  const Field zero = Field::repeat(kZero);
  const Field root = select(of_xx.is_one, of_xx.root, product(of_xx.root, Field::repeat(kI)));
  const Field x = select(is_odd(root) ^ odd, difference(zero, root), root);
  const unsigned on_curve = of_xx.is_one | of_xx.is_minus_one;
  return {select(on_curve, x, zero), select(on_curve, y, Field::repeat(kOne)), on_curve};
}

// u of Curve25519.
template <class Field>
Quotient<Field> montgomery_u(const Field& y) {
  const Field one = Field::repeat(kOne);
  return {sum(one, y), difference(one, y)};
}

// A point is in the prime-order group where the mask is set and the number is a fourth power.
template <class Field>
struct OrderTest {
  unsigned is_double;
  Field number;
};

// Whether P = (x, y) is in the prime-order group, without multiplying by its order. Requires a
// point of the curve whose order is not 1, 2, 4 or 8, and the root of its u.
//
// The group of the curve is cyclic of order 8 L, so the prime-order group is what is 8 times
// something. On Curve25519, v^2 = u^3 + A u^2 + u, P is u = (1 + y) / (1 - y), v = c u / x with
// c^2 = -(A + 2) (RFC 7748, section 4.1; either c will do, as -P is as good as P).
//
// 1. P is 2 Q iff u is a square w^2: u itself and u^2 + A u + 1 have the product v^2, and by
//    2-descent P is twice something iff u - t is a square for each root t of u (u^2 + A u + 1).
// 2. Q comes back through the 2-isogenies of which doubling is made. With r = v / w = c w / x and
//    s^2 = A + 2 u - 2 r, Q has u' = u - r - w s, v' = s u'. The two choices of w, and with it of
//    r, give values of s^2 with product A^2 - 4, which is no square, so exactly one of them is one;
//    and Q or Q plus the point of order 2, which is 4 times something, are equally good.
// 3. Q is 4 times something iff its Tate pairing with T = (1, l), l^2 = A + 2, of order 4 is 1: iff
//    f(Q)^((p - 1) / 4) = 1, where f = (v - l u)^2 / u has a zero of order 4 in T, a pole of order
//    4 at infinity, and no other. f(Q) = u' (s - l)^2. (The pairing decides, as 4 divides p - 1:
//    G. Frey and H.-G. Rueck, 1994. T. Pornin, ePrint 2022/1164, has such tests for other curves.)
//
// No divisor below is zero, since neither P nor Q has an order of 1, 2, 4 or 8.
template <class Field>
OrderTest<Field> test_order(const Field& x, const RootOfQuotient<Field>& of_u) {
  const Field c = Field::repeat(kRootOfMinusAPlus2);
  const Field i = Field::repeat(kI);
  const Field w1 = select(of_u.is_one, of_u.root, product(of_u.root, i));

  // s^2 = (x (A + 2 w^2) - 2 c w) / x; where it is no square, that of the other w is
  // (A^2 - 4) / s^2, whose root is ratio.inverse times that of (A^2 - 4) / z, with z = i or -i.
  const Field ww = squared(w1);
  const Field cw = product(c, w1);
  const auto ratio =
      root_of_quotient(difference(multiply(x, sum(Field::repeat(kA), ww + ww)), cw + cw), x);
  const auto is_first = ratio.is_one | ratio.is_minus_one;
  const Field root =
      select(is_first, ratio.root, product(ratio.inverse, Field::repeat(kRootOfRest)));
  const Field s = select(ratio.is_one | ratio.is_i, root, product(root, i));
  const Field w = select(is_first, w1, difference(Field::repeat(kZero), w1));

  // u' = w (w x - c - s x) / x, times x^4, which changes no fourth power.
  const Field wx_c_sx = difference(multiply(x, difference(w, s)), c);
  const Field s_l = difference(s, Field::repeat(kRootOfAPlus2));
  const Field x3 = product(squared(x), x);
  return {of_u.is_one | of_u.is_minus_one, product(product(product(w, wx_c_sx), x3), squared(s_l))};
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
