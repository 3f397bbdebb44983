// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sha3_lanes_keccak.hpp"

#include <immintrin.h>

// Four lanes of 256 bits, as AVX2 has them. For sha3_lanes_*.cpp alone.
namespace keystone::detail::sha3 {
namespace {

// The eight bytes at `from` as a word, little-endian.
inline long long word_at(const std::uint8_t* from) {
  return _mm_cvtsi128_si64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
}

struct Avx2 {
  using Vector = __m256i;

  static Vector load(const std::uint64_t* words) {
    return _mm256_load_si256(reinterpret_cast<const Vector*>(words));
  }
  static void store(std::uint64_t* words, Vector a) {
    _mm256_store_si256(reinterpret_cast<Vector*>(words), a);
  }
  static Vector repeat(std::uint64_t word) {
    return _mm256_set1_epi64x(static_cast<long long>(word));
  }
  static Vector add(Vector a, Vector b) { return _mm256_xor_si256(a, b); }
  static Vector add(Vector a, Vector b, Vector c) { return add(add(a, b), c); }
  static Vector chi(Vector a, Vector b, Vector c) { return add(a, _mm256_andnot_si256(b, c)); }

  template <int N>
  static Vector turn(Vector a) {
    return _mm256_or_si256(_mm256_slli_epi64(a, N), _mm256_srli_epi64(a, 64 - N));
  }

  static void load_block(const std::uint8_t* const* in, std::size_t at, Vector (&block)[9]) {
    load_square(in, at, block);
    load_square(in, at + 32, block + 4);
    block[8] = _mm256_set_epi64x(word_at(in[3] + at + 64), word_at(in[2] + at + 64),
                                 word_at(in[1] + at + 64), word_at(in[0] + at + 64));
  }

 private:
  static Vector load_row(const std::uint8_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const Vector*>(from));
  }

  // Four rows of four words become columns: words change places in pairs, then the pairs do.
  static void load_square(const std::uint8_t* const* in, std::size_t at, Vector* columns) {
    const Vector rows[4] = {load_row(in[0] + at), load_row(in[1] + at), load_row(in[2] + at),
                            load_row(in[3] + at)};
    const Vector even01 = _mm256_unpacklo_epi64(rows[0], rows[1]);
    const Vector odd01 = _mm256_unpackhi_epi64(rows[0], rows[1]);
    const Vector even23 = _mm256_unpacklo_epi64(rows[2], rows[3]);
    const Vector odd23 = _mm256_unpackhi_epi64(rows[2], rows[3]);
    columns[0] = _mm256_permute2x128_si256(even01, even23, 0x20);
    columns[1] = _mm256_permute2x128_si256(odd01, odd23, 0x20);
    columns[2] = _mm256_permute2x128_si256(even01, even23, 0x31);
    columns[3] = _mm256_permute2x128_si256(odd01, odd23, 0x31);
  }
};

}  // namespace
}  // namespace keystone::detail::sha3
