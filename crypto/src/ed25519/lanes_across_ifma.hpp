// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_combine.hpp"
#include "ed25519/lanes_memory_ifma.hpp"

// For one signature or two, where lanes would stay empty: the coordinates of a point side by side,
// those of the first in lanes 0 to 3 and of the second in 4 to 7. The formulas are those of
// lanes_point.hpp, each with two multiplications after another instead of seven or eight. For
// lanes_*.cpp alone.
namespace keystone::detail::ed25519::lanes {
namespace {

constexpr __mmask8 kFirst = 0x11;
constexpr __mmask8 kSecond = 0x22;
constexpr __mmask8 kThird = 0x44;
constexpr __mmask8 kFourth = 0x88;
constexpr __mmask8 kOfSecondPoint = 0xf0;

// Lane j of both halves is lane Order >> 2 j & 3 of the same half.
template <int Order>
[[gnu::always_inline]] inline IfmaWide pick(const IfmaWide& a) {
  return {_mm512_permutex_epi64(a.limb[0], Order), _mm512_permutex_epi64(a.limb[1], Order),
          _mm512_permutex_epi64(a.limb[2], Order), _mm512_permutex_epi64(a.limb[3], Order),
          _mm512_permutex_epi64(a.limb[4], Order)};
}

[[gnu::always_inline]] inline IfmaWide choose(__mmask8 lanes, const IfmaWide& yes,
                                              const IfmaWide& no) {
  return {_mm512_mask_mov_epi64(no.limb[0], lanes, yes.limb[0]),
          _mm512_mask_mov_epi64(no.limb[1], lanes, yes.limb[1]),
          _mm512_mask_mov_epi64(no.limb[2], lanes, yes.limb[2]),
          _mm512_mask_mov_epi64(no.limb[3], lanes, yes.limb[3]),
          _mm512_mask_mov_epi64(no.limb[4], lanes, yes.limb[4])};
}

// Two points to come: left times right is (X, Y, Z, T) = (E F, G H, F G, E H).
struct Factors {
  IfmaField left;
  IfmaField right;
};

// Of what difference() and sum() would carry.
[[gnu::always_inline]] inline Factors factors(const IfmaWide& e, const IfmaWide& f,
                                              const IfmaWide& g, const IfmaWide& h) {
  return {carry(choose(kSecond, g, choose(kThird, f, e))),
          carry(choose(kFirst, f, choose(kThird, g, h)))};
}

// 2 p, for p = (X, Y, Z, X + Y).
[[gnu::always_inline]] inline Factors twice_across(const IfmaField& p) {
  const IfmaWide squares = square(p);
  const IfmaWide a = pick<0x00>(squares);
  const IfmaWide b = pick<0x55>(squares);
  const IfmaWide zz = pick<0xaa>(squares);
  const IfmaWide h = a + b;
  return factors(minus(pick<0xff>(squares), h), minus(zz + zz + a, b), minus(b, a), h);
}

// p + q, for p = (Y - X, Y + X, T, Z) and q = (Y - X, Y + X, 2 d T, 2 Z).
[[gnu::always_inline]] inline Factors add_across(const IfmaField& p, const IfmaField& q) {
  const IfmaWide products = multiply(p, q);
  const IfmaWide a = pick<0x00>(products);
  const IfmaWide b = pick<0x55>(products);
  const IfmaWide c = pick<0xaa>(products);
  const IfmaWide d = pick<0xff>(products);
  return factors(minus(b, a), minus(d, c), d + c, b + a);
}

// As twice_across() takes it.
[[gnu::always_inline]] inline IfmaField for_doubling(const Factors& a) {
  const IfmaWide r = multiply(a.left, a.right);
  return carry(choose(kFourth, pick<0x00>(r) + pick<0x55>(r), r));
}

// As add_across() takes it on the left.
[[gnu::always_inline]] inline IfmaField for_adding(const Factors& a) {
  const IfmaWide r = multiply(a.left, a.right);
  const IfmaWide x = pick<0x00>(r);
  const IfmaWide yytz = pick<0xb5>(r);
  return carry(choose(kFirst, minus(yytz, x), choose(kSecond, yytz + x, yytz)));
}

[[gnu::always_inline]] inline IfmaField side_by_side(const IfmaField& first,
                                                     const IfmaField& second,
                                                     const IfmaField& third,
                                                     const IfmaField& fourth) {
  return select(kFirst, first, select(kSecond, second, select(kThird, third, fourth)));
}

// The lane of each of two points, in all of that point's lanes.
[[gnu::always_inline]] inline IfmaField spread(const IfmaField& a) {
  const __m512i lanes = _mm512_set_epi64(1, 1, 1, 1, 0, 0, 0, 0);
  IfmaField r;
  for (std::size_t i = 0; i < 5; ++i) {
    r.limb[i] = _mm512_permutexvar_epi64(lanes, a.limb[i]);
  }
  return r;
}

// Lanes first, second, first, second and so on.
[[gnu::always_inline]] inline IfmaField pairs(const IfmaField& a, long long first,
                                              long long second) {
  const __m512i lanes =
      _mm512_set_epi64(second, first, second, first, second, first, second, first);
  IfmaField r;
  for (std::size_t i = 0; i < 5; ++i) {
    r.limb[i] = _mm512_permutexvar_epi64(lanes, a.limb[i]);
  }
  return r;
}

// j P for j from -2^(kKeyWidth - 1) to 2^(kKeyWidth - 1), as add_across() takes them on the right.
class MultiplesAcross {
 public:
  explicit MultiplesAcross(const IfmaField& point) {
    const IfmaField one = IfmaField::repeat(kOne);
    const IfmaField zero = IfmaField::repeat(kZero);
    const IfmaField two = sum(one, one);
    const IfmaField scale = side_by_side(one, one, IfmaField::repeat(kTwiceD), two);
    multiple_[kHalf] = side_by_side(one, one, zero, two);
    const IfmaField step = product(point, scale);
    IfmaField multiple = point;
    for (std::size_t j = 1; j <= kHalf; ++j) {
      const IfmaField q = product(multiple, scale);
      multiple_[kHalf + j] = q;
      multiple_[kHalf - j] = negate_where(kThird, carry(pick<0xe1>(q)));
      multiple = for_adding(add_across(multiple, step));
    }
  }

  // Of window i of both points' scalars, which came as Group says.
  [[gnu::always_inline]] IfmaField at(const Numbers& scalars, unsigned i) const {
    return select(kOfSecondPoint, multiple_[index(scalars, i, 1)], multiple_[index(scalars, i, 0)]);
  }

 private:
  static constexpr std::size_t kHalf = std::size_t{1} << (kKeyWidth - 1);

  static std::size_t index(const Numbers& scalars, unsigned i, std::size_t lane) {
    const std::uint64_t window = window_at(scalars, i, kKeyWidth, lane);
    return i + 1 < window_count(kKeyWidth) ? window : window + kHalf;
  }

  IfmaField multiple_[2 * kHalf + 1];
};

// What add_across() takes on the right, of two rows of base point tables.
[[gnu::always_inline]] inline IfmaField load_across(const Summands<IfmaField>& summands) {
  static constexpr std::uint64_t kTwo[5] = {2, 0, 0, 0, 0};
  __m512i rows[8];
  unsigned negative = 0;
  for (std::size_t point = 0; point < 2; ++point) {
    const std::uint64_t* const row = summands.row[point];
    const bool is_negative = summands.negative[point] != 0;
    const std::uint64_t* const from[4] = {is_negative ? row : row + 5, is_negative ? row + 5 : row,
                                          row + 10, kTwo};
    for (std::size_t i = 0; i < 4; ++i) {
      rows[4 * point + i] = _mm512_maskz_loadu_epi64(0x1f, from[i]);
    }
    negative |= is_negative ? 4U << 4 * point : 0;
  }
  transpose(rows);
  return negate_where(negative, {rows[0], rows[1], rows[2], rows[3], rows[4]});
}

// s B + k P for the scalars in lanes 0 and 1 and P = (x, y) there.
inline Sum<IfmaField> combine_across(const Group& group, const IfmaField& x, const IfmaField& y,
                                     const std::uint64_t* const* base) {
  const IfmaField one = IfmaField::repeat(kOne);
  const MultiplesAcross multiples(
      side_by_side(spread(difference(y, x)), spread(sum(y, x)), spread(product(x, y)), one));
  unsigned i = window_count(kKeyWidth) - 1;
  IfmaField p = side_by_side(one, one, IfmaField::repeat(kZero), one);
  Factors next = add_across(p, multiples.at(group.k, i));
  while (i-- > 0) {
    for (unsigned bit = 0; bit < kKeyWidth; ++bit) {
      next = twice_across(for_doubling(next));
    }
    next = add_across(for_adding(next), multiples.at(group.k, i));
  }
  p = for_adding(next);
  for (i = 0; i < window_count(kBaseWidth); ++i) {
    p = for_adding(
        add_across(p, load_across(summands_in<IfmaField>(base, group.s, i, kBaseWidth))));
  }
  return {pairs(p, 1, 5), pairs(p, 0, 4), pairs(p, 3, 7), pairs(p, 2, 6)};
}

// Numbers of lanes 0 and 1, and in lanes 2 and 3 other numbers of the same two keys: a power of
// each costs no more than one.
constexpr unsigned kOwn = 0x3;

inline void combine_two_keys(Group* group, std::size_t, const std::uint64_t* const* base) {
  IfmaField y;
  load(group->key, y);
  y = pairs(y, 0, 1);
  const Quotient<IfmaField> xx = square_of_x(y);
  const Quotient<IfmaField> u = montgomery_u(y);
  const auto of_xx = root_of_quotient(select(kOwn, xx.u, u.u), select(kOwn, xx.v, u.v));
  const RootOfQuotient<IfmaField> of_u = {pairs(of_xx.root, 2, 3), pairs(of_xx.inverse, 2, 3),
                                          of_xx.is_one >> 2U, of_xx.is_minus_one >> 2U,
                                          of_xx.is_i >> 2U};
  const auto key = decode(y, of_xx, IfmaField::mask_of(group->key.word[3]));
  const auto test = test_order(key.x, of_u);
  const auto sum_of =
      combine_across(*group, difference(IfmaField::repeat(kZero), key.x), key.y, base);

  const auto both = select(kOwn, test.number, sum(sum_of.z, sum_of.z));
  const auto powers_of = powers(both);
  group->on_curve = key.on_curve;
  group->prime_order = test.is_double & is_fourth_power(both, powers_of);
  encode(sum_of, pairs(invert(powers_of), 2, 3), *group);
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
