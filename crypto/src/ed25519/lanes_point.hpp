// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_power.hpp"

// Points of edwards25519 in lanes: RFC 8032, section 5.1.4. For lanes_*.cpp alone. The formulas are
// complete: they hold for every pair of points of the curve, and give no Z = 0. All fields in these
// structures are tight but where it says otherwise.
namespace keystone::detail::ed25519::lanes {
namespace {

// x = X / Z, y = Y / Z.
template <class Field>
struct Projective {
  Field x;
  Field y;
  Field x_plus_y;
  Field z;
};

// The left summand: Y + X, Y - X, Z, and T = X Y / Z.
template <class Field>
struct Sum {
  Field plus;
  Field minus;
  Field z;
  Field t;
};

// A right summand with Z = 1: y + x, y - x, 2 d x y. The fields are in the order of a Niels.
template <class Field>
struct Affine {
  Field field[3];
};

// Any right summand: Y + X, Y - X, 2 d T, 2 Z.
template <class Field>
struct Cached {
  Field field[4];
};

// X = E F, Y = G H, Z = F G, T = E H.
template <class Field>
struct Completed {
  Field e;
  Field f;
  Field g;
  Field h;
};

template <class Field>
[[gnu::always_inline]] inline Projective<Field> to_projective(const Completed<Field>& a) {
  const auto x = multiply(a.e, a.f);
  const auto y = multiply(a.g, a.h);
  return {carry(x), carry(y), sum(x, y), product(a.f, a.g)};
}

template <class Field>
[[gnu::always_inline]] inline Sum<Field> to_sum(const Completed<Field>& a) {
  const auto x = multiply(a.e, a.f);
  const auto y = multiply(a.g, a.h);
  return {sum(y, x), difference(y, x), product(a.f, a.g), product(a.e, a.h)};
}

template <class Field>
inline Cached<Field> to_cached(const Sum<Field>& a) {
  return {{a.plus, a.minus, product(a.t, Field::repeat(kTwiceD)), sum(a.z, a.z)}};
}

// 2 a: "dbl-2008-hwcd" of the EFD with a = -1, where E, F, G and H may all change their sign: here
// H = A + B. Of products below 2^61 at most three are added up.
template <class Field>
[[gnu::always_inline]] inline Completed<Field> twice(const Projective<Field>& p) {
  const auto a = square(p.x);
  const auto b = square(p.y);
  const auto zz = square(p.z);
  const auto h = a + b;
  return {difference(square(p.x_plus_y), h), difference(zz + zz + a, b), difference(b, a),
          carry(h)};
}

// The end that both sums have in common.
template <class Field, class Wide = typename Field::Wide>
[[gnu::always_inline]] inline Completed<Field> complete(const Wide& a, const Wide& b, const Wide& c,
                                                        const Wide& d) {
  return {difference(b, a), difference(d, c), sum(d, c), sum(b, a)};
}

// "madd-2008-hwcd-3" of the EFD, with k = 2 d.
template <class Field>
[[gnu::always_inline]] inline Completed<Field> add(const Sum<Field>& p, const Affine<Field>& q) {
  return complete<Field>(multiply(p.minus, q.field[1]), multiply(p.plus, q.field[0]),
                         multiply(p.t, q.field[2]), p.z + p.z);
}

// "add-2008-hwcd-3" of the EFD, with k = 2 d.
template <class Field>
[[gnu::always_inline]] inline Completed<Field> add(const Sum<Field>& p, const Cached<Field>& q) {
  return complete<Field>(multiply(p.minus, q.field[1]), multiply(p.plus, q.field[0]),
                         multiply(p.t, q.field[2]), multiply(p.z, q.field[3]));
}

// Where the mask is set, -a: x and so T change their sign. The third field is for multiply() alone.
template <class Point>
[[gnu::always_inline]] inline Point negate_where(unsigned mask, const Point& a) {
  Point r = a;
  r.field[0] = select(mask, a.field[1], a.field[0]);
  r.field[1] = select(mask, a.field[0], a.field[1]);
  r.field[2] = negate_where(mask, a.field[2]);
  return r;
}

template <class Field>
inline Sum<Field> identity() {
  const Field one = Field::repeat(kOne);
  return {one, one, one, Field::repeat(kZero)};
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
