// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_field_ifma.hpp"

// Between memory and eight lanes. For lanes_*.cpp alone.
namespace keystone::detail::ed25519::lanes {
namespace {

// The one form with limbs below 2^51 and the number below p. Takes any limbs below 2^64.
inline IfmaField canonical(const IfmaWide& a) {
  // After one step the carries are below 2^13, after two at most 1: the number is below 2 p.
  IfmaField r = carry(carry(a));
  // Whether the number and 19 reach 2^255.
  __m512i carried = _mm512_set1_epi64(19);
  for (const __m512i& limb : r.limb) {
    carried = _mm512_srli_epi64(_mm512_add_epi64(limb, carried), 51);
  }
  carried = _mm512_mullo_epi64(carried, _mm512_set1_epi64(19));
  for (__m512i& limb : r.limb) {
    limb = _mm512_add_epi64(limb, carried);
    carried = _mm512_srli_epi64(limb, 51);
    limb = low_51(limb);
  }
  return r;
}

// Of the canonical form.
inline unsigned is_zero(const IfmaWide& a) {
  const IfmaField r = canonical(a);
  const __m512i any = _mm512_or_si512(
      _mm512_or_si512(_mm512_or_si512(r.limb[0], r.limb[1]), _mm512_or_si512(r.limb[2], r.limb[3])),
      r.limb[4]);
  return _mm512_testn_epi64_mask(any, any);
}

inline unsigned is_odd(const IfmaWide& a) {
  return _mm512_test_epi64_mask(canonical(a).limb[0], _mm512_set1_epi64(1));
}

// The low 255 bits of each number; limbs below 2^51. Limb i begins at bit 51 i.
inline void load(const Numbers& numbers, IfmaField& field) {
  const __m512i w0 = _mm512_load_si512(numbers.word[0]);
  const __m512i w1 = _mm512_load_si512(numbers.word[1]);
  const __m512i w2 = _mm512_load_si512(numbers.word[2]);
  const __m512i w3 = _mm512_load_si512(numbers.word[3]);
  const auto join = [](__m512i low, unsigned down, __m512i high) {
    return low_51(
        _mm512_or_si512(_mm512_srli_epi64(low, down), _mm512_slli_epi64(high, 64 - down)));
  };
  field = {low_51(w0), join(w0, 51, w1), join(w1, 38, w2), join(w2, 25, w3),
           low_51(_mm512_srli_epi64(w3, 12))};
}

// The canonical form, and bit 255 where the mask is set.
inline void store(const IfmaWide& a, unsigned top, Numbers& numbers) {
  const IfmaField r = canonical(a);
  const auto join = [](__m512i low, unsigned down, __m512i high) {
    return _mm512_or_si512(_mm512_srli_epi64(low, down), _mm512_slli_epi64(high, 51 - down));
  };
  const __m512i w3 = join(r.limb[3], 39, r.limb[4]);
  _mm512_store_si512(numbers.word[0], join(r.limb[0], 0, r.limb[1]));
  _mm512_store_si512(numbers.word[1], join(r.limb[1], 13, r.limb[2]));
  _mm512_store_si512(numbers.word[2], join(r.limb[2], 26, r.limb[3]));
  _mm512_store_si512(numbers.word[3], _mm512_mask_or_epi64(w3, static_cast<__mmask8>(top), w3,
                                                           _mm512_set1_epi64(1LL << 63)));
}

// Words w and w + 4 of four rows, in half[w].
struct IfmaHalves {
  __m512i half[4];
};

[[gnu::always_inline]] inline IfmaHalves halves(__m512i r0, __m512i r1, __m512i r2, __m512i r3) {
  const __m512i first = _mm512_set_epi64(13, 12, 5, 4, 9, 8, 1, 0);
  const __m512i second = _mm512_set_epi64(15, 14, 7, 6, 11, 10, 3, 2);
  const __m512i even01 = _mm512_unpacklo_epi64(r0, r1);
  const __m512i odd01 = _mm512_unpackhi_epi64(r0, r1);
  const __m512i even23 = _mm512_unpacklo_epi64(r2, r3);
  const __m512i odd23 = _mm512_unpackhi_epi64(r2, r3);
  return {_mm512_permutex2var_epi64(even01, first, even23),
          _mm512_permutex2var_epi64(odd01, first, odd23),
          _mm512_permutex2var_epi64(even01, second, even23),
          _mm512_permutex2var_epi64(odd01, second, odd23)};
}

// Eight vectors of eight words, turned: word j of rows[i] becomes word i of rows[j].
[[gnu::always_inline]] inline void transpose(__m512i* rows) {
  const IfmaHalves low = halves(rows[0], rows[1], rows[2], rows[3]);
  const IfmaHalves high = halves(rows[4], rows[5], rows[6], rows[7]);
  for (std::size_t i = 0; i < 4; ++i) {
    rows[i] = _mm512_shuffle_i64x2(low.half[i], high.half[i], 0x44);
    rows[i + 4] = _mm512_shuffle_i64x2(low.half[i], high.half[i], 0xee);
  }
}

// `Count` fields, limb after limb, from where each lane's pointer points: 5 Count words, rounded up
// to blocks of eight; aligned to 64 bytes.
template <std::size_t Count>
[[gnu::always_inline]] inline void load_rows(const std::uint64_t* const* from,
                                             IfmaField (&fields)[Count]) {
  constexpr std::size_t kBlocks = (5 * Count + 7) / 8;
  __m512i words[8 * kBlocks];
  for (std::size_t block = 0; block < kBlocks; ++block) {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      words[8 * block + lane] = _mm512_load_si512(from[lane] + 8 * block);
    }
    transpose(words + 8 * block);
  }
  for (std::size_t i = 0; i < 5 * Count; ++i) {
    fields[i / 5].limb[i % 5] = words[i];
  }
}

// The way back; what pads the last block is zero.
template <std::size_t Count>
inline void store_rows(const IfmaField (&fields)[Count], std::uint64_t* const* to) {
  constexpr std::size_t kBlocks = (5 * Count + 7) / 8;
  __m512i words[8 * kBlocks];
  for (std::size_t i = 0; i < 8 * kBlocks; ++i) {
    words[i] = i < 5 * Count ? fields[i / 5].limb[i % 5] : _mm512_setzero_si512();
  }
  for (std::size_t block = 0; block < kBlocks; ++block) {
    transpose(words + 8 * block);
    for (std::size_t lane = 0; lane < 8; ++lane) {
      _mm512_store_si512(to[lane] + 8 * block, words[8 * block + lane]);
    }
  }
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
