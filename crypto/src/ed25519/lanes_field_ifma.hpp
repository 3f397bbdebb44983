// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_kernel.hpp"

#include <immintrin.h>

// The field of p = 2^255 - 19 elements, eight at a time, in five limbs of 51 bits: AVX-512 with
// IFMA, whose products are of 52 bits by 52 bits, low and high half apart. For lanes_*.cpp alone:
// in an unnamed namespace, so that what each compiles for its processor stays in it.
namespace keystone::detail::ed25519::lanes {
namespace {

// A sum that cannot be multiplied yet: limbs below 2^62.
struct IfmaWide {
  __m512i limb[5];
};

// Limbs below 2^52, which is what the multiplier reads. `tight`: below 2^51 + 2^18, what carry()
// gives.
struct IfmaField {
  using Wide = IfmaWide;
  static constexpr std::size_t kLanes = 8;

  __m512i limb[5];

  operator IfmaWide() const { return {limb[0], limb[1], limb[2], limb[3], limb[4]}; }

  // Of the lanes whose number is not below 2^63.
  static unsigned mask_of(const std::uint64_t (&lanes)[kMaxLanes]) {
    return _mm512_movepi64_mask(_mm512_load_si512(lanes));
  }

  // The same number, of 51-bit limbs, in every lane.
  [[gnu::always_inline]] static IfmaField repeat(const std::uint64_t (&limbs)[5]) {
    return {_mm512_set1_epi64(static_cast<long long>(limbs[0])),
            _mm512_set1_epi64(static_cast<long long>(limbs[1])),
            _mm512_set1_epi64(static_cast<long long>(limbs[2])),
            _mm512_set1_epi64(static_cast<long long>(limbs[3])),
            _mm512_set1_epi64(static_cast<long long>(limbs[4]))};
  }
};

[[gnu::always_inline]] inline __m512i low_51(__m512i a) {
  return _mm512_and_si512(a, _mm512_set1_epi64((1LL << 51) - 1));
}

// Any limbs below 2^64; gives tight: what is carried on is below 2^13, and 19 times that where it
// comes round, as 2^255 = 19.
[[gnu::always_inline]] inline IfmaField carry(const IfmaWide& a) {
  return {_mm512_madd52lo_epu64(low_51(a.limb[0]), _mm512_srli_epi64(a.limb[4], 51),
                                _mm512_set1_epi64(19)),
          _mm512_add_epi64(low_51(a.limb[1]), _mm512_srli_epi64(a.limb[0], 51)),
          _mm512_add_epi64(low_51(a.limb[2]), _mm512_srli_epi64(a.limb[1], 51)),
          _mm512_add_epi64(low_51(a.limb[3]), _mm512_srli_epi64(a.limb[2], 51)),
          _mm512_add_epi64(low_51(a.limb[4]), _mm512_srli_epi64(a.limb[3], 51))};
}

// Requires that the limbs stay below 2^62.
[[gnu::always_inline]] inline IfmaWide operator+(const IfmaWide& a, const IfmaWide& b) {
  return {_mm512_add_epi64(a.limb[0], b.limb[0]), _mm512_add_epi64(a.limb[1], b.limb[1]),
          _mm512_add_epi64(a.limb[2], b.limb[2]), _mm512_add_epi64(a.limb[3], b.limb[3]),
          _mm512_add_epi64(a.limb[4], b.limb[4])};
}

[[gnu::always_inline]] inline IfmaField sum(const IfmaWide& a, const IfmaWide& b) {
  return carry(a + b);
}

// a - b + 2^12 p, whose limbs are above 2^62 and below 2^63: no limb goes below zero or to 2^64.
// For carry() alone.
[[gnu::always_inline]] inline IfmaWide minus(const IfmaWide& a, const IfmaWide& b) {
  const __m512i first = _mm512_set1_epi64(((1LL << 51) - 19) << 12);
  const __m512i other = _mm512_set1_epi64(((1LL << 51) - 1) << 12);
  return {_mm512_add_epi64(a.limb[0], _mm512_sub_epi64(first, b.limb[0])),
          _mm512_add_epi64(a.limb[1], _mm512_sub_epi64(other, b.limb[1])),
          _mm512_add_epi64(a.limb[2], _mm512_sub_epi64(other, b.limb[2])),
          _mm512_add_epi64(a.limb[3], _mm512_sub_epi64(other, b.limb[3])),
          _mm512_add_epi64(a.limb[4], _mm512_sub_epi64(other, b.limb[4]))};
}

[[gnu::always_inline]] inline IfmaField difference(const IfmaWide& a, const IfmaWide& b) {
  return carry(minus(a, b));
}

// Masks have bit i for lane i.

// Where the mask is set, 2 p - a; limbs stay below 2^52. Takes tight.
[[gnu::always_inline]] inline IfmaField negate_where(unsigned mask, const IfmaField& a) {
  const auto lanes = static_cast<__mmask8>(mask);
  const __m512i first = _mm512_set1_epi64((1LL << 52) - 38);
  const __m512i other = _mm512_set1_epi64((1LL << 52) - 2);
  return {_mm512_mask_sub_epi64(a.limb[0], lanes, first, a.limb[0]),
          _mm512_mask_sub_epi64(a.limb[1], lanes, other, a.limb[1]),
          _mm512_mask_sub_epi64(a.limb[2], lanes, other, a.limb[2]),
          _mm512_mask_sub_epi64(a.limb[3], lanes, other, a.limb[3]),
          _mm512_mask_sub_epi64(a.limb[4], lanes, other, a.limb[4])};
}

// `yes` where the mask is set, else `no`.
[[gnu::always_inline]] inline IfmaField select(unsigned mask, const IfmaField& yes,
                                               const IfmaField& no) {
  const auto lanes = static_cast<__mmask8>(mask);
  return {_mm512_mask_mov_epi64(no.limb[0], lanes, yes.limb[0]),
          _mm512_mask_mov_epi64(no.limb[1], lanes, yes.limb[1]),
          _mm512_mask_mov_epi64(no.limb[2], lanes, yes.limb[2]),
          _mm512_mask_mov_epi64(no.limb[3], lanes, yes.limb[3]),
          _mm512_mask_mov_epi64(no.limb[4], lanes, yes.limb[4])};
}

// Ten columns of weight 2^(51 k). A product of two limbs has its low 52 bits in column k, and the
// others, of weight 2^(51 k + 52), twice in column k + 1: what counts twice is added up first.
using IfmaColumns = __m512i[10];

[[gnu::always_inline]] inline void clear(IfmaColumns& c) {
  for (__m512i& column : c) {
    column = _mm512_setzero_si512();
  }
}

[[gnu::always_inline]] inline void double_all(IfmaColumns& c) {
  for (__m512i& column : c) {
    column = _mm512_add_epi64(column, column);
  }
}

[[gnu::always_inline]] inline void add_low(__m512i& column, __m512i x, __m512i y) {
  column = _mm512_madd52lo_epu64(column, x, y);
}
[[gnu::always_inline]] inline void add_high(__m512i& column, __m512i x, __m512i y) {
  column = _mm512_madd52hi_epu64(column, x, y);
}

// The low or the high parts of x y, from column c[0] on.
[[gnu::always_inline]] inline void add_low_row(__m512i* c, __m512i x, const IfmaField& y) {
  add_low(c[0], x, y.limb[0]);
  add_low(c[1], x, y.limb[1]);
  add_low(c[2], x, y.limb[2]);
  add_low(c[3], x, y.limb[3]);
  add_low(c[4], x, y.limb[4]);
}
[[gnu::always_inline]] inline void add_high_row(__m512i* c, __m512i x, const IfmaField& y) {
  add_high(c[0], x, y.limb[0]);
  add_high(c[1], x, y.limb[1]);
  add_high(c[2], x, y.limb[2]);
  add_high(c[3], x, y.limb[3]);
  add_high(c[4], x, y.limb[4]);
}

// c[k] + 19 c[k + 5], as 2^255 = 19. At most five low and twice five high parts meet in a column,
// 14 in all, each below 2^52; column 0 has one. So limbs are below (1 + 19 14) 2^52 < 2^61.
[[gnu::always_inline]] inline IfmaWide fold(const IfmaColumns& c) {
  const auto limb = [&](std::size_t k) {
    // The masked form, since g++ makes four shifts and sums of the plain one.
    return _mm512_add_epi64(c[k], _mm512_maskz_mullo_epi64(0xff, c[k + 5], _mm512_set1_epi64(19)));
  };
  return {limb(0), limb(1), limb(2), limb(3), limb(4)};
}

// Limbs of the product are below 2^61.
[[gnu::always_inline]] inline IfmaWide multiply(const IfmaField& a, const IfmaField& b) {
  IfmaColumns c;
  clear(c);
  add_high_row(c + 1, a.limb[0], b);
  add_high_row(c + 2, a.limb[1], b);
  add_high_row(c + 3, a.limb[2], b);
  add_high_row(c + 4, a.limb[3], b);
  add_high_row(c + 5, a.limb[4], b);
  double_all(c);
  add_low_row(c, a.limb[0], b);
  add_low_row(c + 1, a.limb[1], b);
  add_low_row(c + 2, a.limb[2], b);
  add_low_row(c + 3, a.limb[3], b);
  add_low_row(c + 4, a.limb[4], b);
  return fold(c);
}

// As multiply(a, a): a product of two different limbs counts twice, its high part four times.
[[gnu::always_inline]] inline IfmaWide square(const IfmaField& a) {
  const auto& l = a.limb;
  IfmaColumns c;
  clear(c);
  const auto for_each_pair = [&](auto add, std::size_t shift) {
    add(c[1 + shift], l[0], l[1]);
    add(c[2 + shift], l[0], l[2]);
    add(c[3 + shift], l[0], l[3]);
    add(c[4 + shift], l[0], l[4]);
    add(c[3 + shift], l[1], l[2]);
    add(c[4 + shift], l[1], l[3]);
    add(c[5 + shift], l[1], l[4]);
    add(c[5 + shift], l[2], l[3]);
    add(c[6 + shift], l[2], l[4]);
    add(c[7 + shift], l[3], l[4]);
  };
  for_each_pair(add_high, 1);
  double_all(c);
  for_each_pair(add_low, 0);
  for (std::size_t i = 0; i < 5; ++i) {
    add_high(c[2 * i + 1], l[i], l[i]);
  }
  double_all(c);
  for (std::size_t i = 0; i < 5; ++i) {
    add_low(c[2 * i], l[i], l[i]);
  }
  return fold(c);
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
