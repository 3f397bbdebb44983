// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_field_avx2.hpp"

// Between memory and four lanes. For lanes_*.cpp alone.
namespace keystone::detail::ed25519::lanes {
namespace {

[[gnu::always_inline]] inline __m256i load_words(const std::uint64_t* from) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
}

[[gnu::always_inline]] inline void store_words(std::uint64_t* to, __m256i words) {
  _mm256_store_si256(reinterpret_cast<__m256i*>(to), words);
}

// Limb k of 51 bits, of limbs 2 k and 2 k + 1 here. It may be above 51 bits as they may.
[[gnu::always_inline]] inline __m256i join_limbs(const Avx2Field& a, std::size_t k) {
  return _mm256_add_epi64(a.limb[2 * k], _mm256_slli_epi64(a.limb[2 * k + 1], 26));
}

[[gnu::always_inline]] inline void split_limb(__m256i limb, std::size_t k, Avx2Field& a) {
  a.limb[2 * k] = low_bits(limb, 26);
  a.limb[2 * k + 1] = _mm256_srli_epi64(limb, 26);
}

// The one form with no limb above its bits and the number below p. Takes any limbs that carry()
// takes.
inline Avx2Field canonical(const Avx2Wide& a) {
  Avx2Field r = carry(a);  // below 2 p
  // Whether the number and 19 reach 2^255.
  __m256i carried = all(19);
  for (std::size_t i = 0; i < 10; ++i) {
    carried = _mm256_srli_epi64(_mm256_add_epi64(r.limb[i], carried), limb_bits(i));
  }
  carried = times_19(carried);
  for (std::size_t i = 0; i < 10; ++i) {
    const __m256i limb = _mm256_add_epi64(r.limb[i], carried);
    carried = _mm256_srli_epi64(limb, limb_bits(i));
    r.limb[i] = low_bits(limb, limb_bits(i));
  }
  return r;
}

inline unsigned zero_lanes(__m256i a) {
  const __m256i zero = _mm256_cmpeq_epi64(a, _mm256_setzero_si256());
  return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(zero)));
}

// Of the canonical form.
inline unsigned is_zero(const Avx2Wide& a) {
  const Avx2Field r = canonical(a);
  __m256i any = r.limb[0];
  for (std::size_t i = 1; i < 10; ++i) {
    any = _mm256_or_si256(any, r.limb[i]);
  }
  return zero_lanes(any);
}

inline unsigned is_odd(const Avx2Wide& a) {
  return zero_lanes(low_bits(canonical(a).limb[0], 1)) ^ 0xfU;
}

// The low 255 bits of each number; tight. Limb k of 51 bits begins at bit 51 k.
inline void load(const Numbers& numbers, Avx2Field& field) {
  const __m256i w0 = load_words(numbers.word[0]);
  const __m256i w1 = load_words(numbers.word[1]);
  const __m256i w2 = load_words(numbers.word[2]);
  const __m256i w3 = load_words(numbers.word[3]);
  const auto join = [](__m256i low, int down, __m256i high) {
    return low_bits(
        _mm256_or_si256(_mm256_srli_epi64(low, down), _mm256_slli_epi64(high, 64 - down)), 51);
  };
  split_limb(low_bits(w0, 51), 0, field);
  split_limb(join(w0, 51, w1), 1, field);
  split_limb(join(w1, 38, w2), 2, field);
  split_limb(join(w2, 25, w3), 3, field);
  split_limb(low_bits(_mm256_srli_epi64(w3, 12), 51), 4, field);
}

// The canonical form, and bit 255 where the mask is set.
inline void store(const Avx2Wide& a, unsigned top, Numbers& numbers) {
  const Avx2Field r = canonical(a);
  const auto join = [&](std::size_t low, int down) {
    return _mm256_or_si256(_mm256_srli_epi64(join_limbs(r, low), down),
                           _mm256_slli_epi64(join_limbs(r, low + 1), 51 - down));
  };
  store_words(numbers.word[0], join(0, 0));
  store_words(numbers.word[1], join(1, 13));
  store_words(numbers.word[2], join(2, 26));
  store_words(numbers.word[3], _mm256_or_si256(join(3, 39), _mm256_slli_epi64(lanes_of(top), 63)));
}

// Four vectors of four words, turned: word j of rows[i] becomes word i of rows[j].
[[gnu::always_inline]] inline void transpose(__m256i* rows) {
  const __m256i even01 = _mm256_unpacklo_epi64(rows[0], rows[1]);
  const __m256i odd01 = _mm256_unpackhi_epi64(rows[0], rows[1]);
  const __m256i even23 = _mm256_unpacklo_epi64(rows[2], rows[3]);
  const __m256i odd23 = _mm256_unpackhi_epi64(rows[2], rows[3]);
  rows[0] = _mm256_permute2x128_si256(even01, even23, 0x20);
  rows[1] = _mm256_permute2x128_si256(odd01, odd23, 0x20);
  rows[2] = _mm256_permute2x128_si256(even01, even23, 0x31);
  rows[3] = _mm256_permute2x128_si256(odd01, odd23, 0x31);
}

// `Count` fields, in limbs of 51 bits one after another, from where each lane's pointer points:
// 5 Count words, rounded up to blocks of four; aligned to 32 bytes.
template <std::size_t Count>
[[gnu::always_inline]] inline void load_rows(const std::uint64_t* const* from,
                                             Avx2Field (&fields)[Count]) {
  constexpr std::size_t kBlocks = (5 * Count + 3) / 4;
  __m256i words[4 * kBlocks];
  for (std::size_t block = 0; block < kBlocks; ++block) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      words[4 * block + lane] = load_words(from[lane] + 4 * block);
    }
    transpose(words + 4 * block);
  }
  for (std::size_t i = 0; i < 5 * Count; ++i) {
    split_limb(words[i], i % 5, fields[i / 5]);
  }
}

// The way back; what pads the last block is zero. Takes tight.
template <std::size_t Count>
inline void store_rows(const Avx2Field (&fields)[Count], std::uint64_t* const* to) {
  constexpr std::size_t kBlocks = (5 * Count + 3) / 4;
  __m256i words[4 * kBlocks];
  for (std::size_t i = 0; i < 4 * kBlocks; ++i) {
    words[i] = i < 5 * Count ? join_limbs(fields[i / 5], i % 5) : _mm256_setzero_si256();
  }
  for (std::size_t block = 0; block < kBlocks; ++block) {
    transpose(words + 4 * block);
    for (std::size_t lane = 0; lane < 4; ++lane) {
      store_words(to[lane] + 4 * block, words[4 * block + lane]);
    }
  }
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
