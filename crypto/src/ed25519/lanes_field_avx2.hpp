// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_kernel.hpp"

#include <immintrin.h>

// The field of p = 2^255 - 19 elements, four at a time, in ten limbs of 26 and 25 bits in turn:
// AVX2, which multiplies 32 bits by 32. Limb i has weight 2^ceil(25.5 i). For lanes_*.cpp alone: in
// an unnamed namespace, so that what each compiles for its processor stays in it.
namespace keystone::detail::ed25519::lanes {
namespace {

// A sum that cannot be multiplied yet: limbs below 2^61 - 2^37.
struct Avx2Wide {
  __m256i limb[10];
};

// Limbs below 2^27 where even and below 2^26 where odd. `tight`: below 2^26 + 2^15 and
// 2^25 + 2^18, what carry() gives.
struct Avx2Field {
  using Wide = Avx2Wide;
  static constexpr std::size_t kLanes = 4;

  __m256i limb[10];

  operator Avx2Wide() const {
    return {limb[0], limb[1], limb[2], limb[3], limb[4],
            limb[5], limb[6], limb[7], limb[8], limb[9]};
  }

  // Of the lanes whose number is not below 2^63.
  static unsigned mask_of(const std::uint64_t (&lanes)[kMaxLanes]) {
    const __m256i numbers = _mm256_load_si256(reinterpret_cast<const __m256i*>(lanes));
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(numbers)));
  }

  // The same number, of 51-bit limbs, in every lane.
  static Avx2Field repeat(const std::uint64_t (&limbs)[5]);
};

constexpr int limb_bits(std::size_t i) {
  return i % 2 == 0 ? 26 : 25;
}

[[gnu::always_inline]] inline __m256i all(long long number) {
  return _mm256_set1_epi64x(number);
}

[[gnu::always_inline]] inline __m256i low_bits(__m256i a, int bits) {
  return _mm256_and_si256(a, all((1LL << bits) - 1));
}

// use(i) for each limb. Written out, since a loop would keep the limbs in memory.
template <class Use>
[[gnu::always_inline]] inline void for_each_limb(Use use) {
  use(0);
  use(1);
  use(2);
  use(3);
  use(4);
  use(5);
  use(6);
  use(7);
  use(8);
  use(9);
}

inline Avx2Field Avx2Field::repeat(const std::uint64_t (&limbs)[5]) {
  Avx2Field field;
  for_each_limb([&](std::size_t i) __attribute__((always_inline)) {
    const std::uint64_t both = limbs[i / 2];
    field.limb[i] = all(static_cast<long long>(i % 2 == 0 ? both & 0x3ffffff : both >> 26U));
  });
  return field;
}

[[gnu::always_inline]] inline __m256i times_19(__m256i a) {
  return _mm256_add_epi64(_mm256_add_epi64(a, _mm256_slli_epi64(a, 1)), _mm256_slli_epi64(a, 4));
}

// Carries what limb I has above its bits, 19 times where it comes round as 2^255 = 19.
template <std::size_t I>
[[gnu::always_inline]] inline void carry_on(Avx2Wide& a) {
  const __m256i above = _mm256_srli_epi64(a.limb[I], limb_bits(I));
  a.limb[I] = low_bits(a.limb[I], limb_bits(I));
  __m256i& next = a.limb[(I + 1) % 10];
  next = _mm256_add_epi64(next, I == 9 ? times_19(above) : above);
}

// Any limbs below 2^63 + 2^62; gives tight. Two chains side by side; of carries below 2^39, 19
// times one comes to limb 0 and one to limb 5, from where less than 2^18 and 2^14 go on to 1 and 6.
[[gnu::always_inline]] inline Avx2Field carry(const Avx2Wide& wide) {
  Avx2Wide a = wide;
  carry_on<0>(a);
  carry_on<5>(a);
  carry_on<1>(a);
  carry_on<6>(a);
  carry_on<2>(a);
  carry_on<7>(a);
  carry_on<3>(a);
  carry_on<8>(a);
  carry_on<4>(a);
  carry_on<9>(a);
  carry_on<0>(a);
  carry_on<5>(a);
  return {a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4],
          a.limb[5], a.limb[6], a.limb[7], a.limb[8], a.limb[9]};
}

// Requires that the limbs stay as a Wide's.
[[gnu::always_inline]] inline Avx2Wide operator+(const Avx2Wide& a, const Avx2Wide& b) {
  Avx2Wide r;
  for_each_limb([&](std::size_t i) __attribute__((always_inline)) {
    r.limb[i] = _mm256_add_epi64(a.limb[i], b.limb[i]);
  });
  return r;
}

[[gnu::always_inline]] inline Avx2Field sum(const Avx2Wide& a, const Avx2Wide& b) {
  return carry(a + b);
}

// Limb i of 2^n p.
[[gnu::always_inline]] inline __m256i shifted_p(std::size_t i, int n) {
  return all(((1LL << limb_bits(i)) - (i == 0 ? 19 : 1)) << n);
}

// a - b + 2^36 p, whose limbs are above 2^61 - 2^37 and below 2^62: no limb goes below zero, or to
// 2^63.
[[gnu::always_inline]] inline Avx2Field difference(const Avx2Wide& a, const Avx2Wide& b) {
  Avx2Wide r;
  for_each_limb([&](std::size_t i) __attribute__((always_inline)) {
    r.limb[i] = _mm256_add_epi64(a.limb[i], _mm256_sub_epi64(shifted_p(i, 36), b.limb[i]));
  });
  return carry(r);
}

// Masks have bit i for lane i.
[[gnu::always_inline]] inline __m256i lanes_of(unsigned mask) {
  const __m256i bits = _mm256_set_epi64x(8, 4, 2, 1);
  return _mm256_cmpeq_epi64(_mm256_and_si256(all(mask), bits), bits);
}

// `yes` where the mask is set, else `no`.
[[gnu::always_inline]] inline Avx2Field select(unsigned mask, const Avx2Field& yes,
                                               const Avx2Field& no) {
  const __m256i lanes = lanes_of(mask);
  Avx2Field r;
  for_each_limb([&](std::size_t i) __attribute__((always_inline)) {
    r.limb[i] = _mm256_blendv_epi8(no.limb[i], yes.limb[i], lanes);
  });
  return r;
}

// Where the mask is set, 2 p - a. Takes tight.
[[gnu::always_inline]] inline Avx2Field negate_where(unsigned mask, const Avx2Field& a) {
  Avx2Field negated;
  for_each_limb([&](std::size_t i) __attribute__((always_inline)) {
    negated.limb[i] = _mm256_sub_epi64(shifted_p(i, 1), a.limb[i]);
  });
  return select(mask, negated, a);
}

[[gnu::always_inline]] inline __m256i twice(__m256i a) {
  return _mm256_add_epi64(a, a);
}

[[gnu::always_inline]] inline Avx2Field nineteenfold(const Avx2Field& a) {
  Avx2Field r;
  for_each_limb([&](std::size_t i) __attribute__((always_inline)) {
    r.limb[i] = _mm256_mul_epu32(a.limb[i], all(19));  // 19 2^27 < 2^32
  });
  return r;
}

// Adds x times the limbs of b from limb J on, where x is limb I. A product counts twice where both
// are odd, as ceil(25.5 I) + ceil(25.5 J) is then one above ceil(25.5 (I + J)), and 19 times where
// it comes round.
template <std::size_t I, std::size_t J>
[[gnu::always_inline]] inline void add_row(Avx2Wide& c, __m256i x, __m256i twice_x,
                                           const Avx2Field& b, const Avx2Field& b_19) {
  if constexpr (J < 10) {
    const __m256i left = I % 2 == 1 && J % 2 == 1 ? twice_x : x;
    const __m256i right = I + J < 10 ? b.limb[J] : b_19.limb[J];
    __m256i& column = c.limb[(I + J) % 10];
    column = _mm256_add_epi64(column, _mm256_mul_epu32(left, right));
    add_row<I, J + 1>(c, x, twice_x, b, b_19);
  }
}

template <std::size_t I = 0>
[[gnu::always_inline]] inline void add_rows(Avx2Wide& c, const Avx2Field& a, const Avx2Field& b,
                                            const Avx2Field& b_19) {
  if constexpr (I < 10) {
    add_row<I, 0>(c, a.limb[I], twice(a.limb[I]), b, b_19);
    add_rows<I + 1>(c, a, b, b_19);
  }
}

// As add_rows(c, a, a, a_19): a product of two different limbs counts twice.
template <std::size_t I = 0>
[[gnu::always_inline]] inline void add_square_rows(Avx2Wide& c, const Avx2Field& a,
                                                   const Avx2Field& a_19) {
  if constexpr (I < 10) {
    const __m256i x2 = twice(a.limb[I]);
    __m256i& column = c.limb[2 * I % 10];
    column = _mm256_add_epi64(column, _mm256_mul_epu32(I % 2 == 1 ? x2 : a.limb[I],
                                                       2 * I < 10 ? a.limb[I] : a_19.limb[I]));
    add_row<I, I + 1>(c, x2, twice(x2), a, a_19);
    add_square_rows<I + 1>(c, a, a_19);
  }
}

// Limbs of the product are below 2^59 for tight factors and below 2^60 if one of them is not: in
// column 0, (1 + 19 4) 2^52 of even limbs and 19 5 2^51 of odd ones.
[[gnu::noinline]] Avx2Wide multiply(const Avx2Field& a, const Avx2Field& b) {
  Avx2Wide c = Avx2Field::repeat({0, 0, 0, 0, 0});
  add_rows(c, a, b, nineteenfold(b));
  return c;
}

// As multiply(a, a). Takes tight.
[[gnu::noinline]] Avx2Wide square(const Avx2Field& a) {
  Avx2Wide c = Avx2Field::repeat({0, 0, 0, 0, 0});
  add_square_rows(c, a, nineteenfold(a));
  return c;
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
