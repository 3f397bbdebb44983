// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512 F and VL, and run only where these are.
#include "sha3_lanes_256.hpp"

namespace keystone::detail::sha3 {
namespace {

// Truth tables of VPTERNLOGQ (Intel's SDM, volume 2): bit 4a + 2b + c is the answer to a, b, c.
constexpr int kAdd3 = 0x96;  // a ^ b ^ c
constexpr int kChi = 0xd2;   // a ^ (~b & c)

// Four lanes: as AVX2, but for what AVX-512 does at once.
struct Narrow : Avx2 {
  using Avx2::add;

  static Vector add(Vector a, Vector b, Vector c) {
    return _mm256_ternarylogic_epi64(a, b, c, kAdd3);
  }
  static Vector chi(Vector a, Vector b, Vector c) {
    return _mm256_ternarylogic_epi64(a, b, c, kChi);
  }
  template <int N>
  static Vector turn(Vector a) {
    return _mm256_rol_epi64(a, N);
  }
};

struct Wide {
  using Vector = __m512i;

  static Vector load(const std::uint64_t* words) { return _mm512_load_si512(words); }
  static void store(std::uint64_t* words, Vector a) { _mm512_store_si512(words, a); }
  static Vector repeat(std::uint64_t word) {
    return _mm512_set1_epi64(static_cast<long long>(word));
  }
  static Vector add(Vector a, Vector b) { return _mm512_xor_si512(a, b); }
  static Vector add(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi64(a, b, c, kAdd3);
  }
  static Vector chi(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi64(a, b, c, kChi);
  }
  template <int N>
  static Vector turn(Vector a) {
    return _mm512_rol_epi64(a, N);
  }

  // Eight rows of eight words become columns: pairs of words change places, then pairs of pairs.
  static void load_block(const std::uint8_t* const* in, std::size_t at, Vector (&block)[9]) {
    Vector pairs[8];
    Vector quads[8];
    for (std::size_t i = 0; i < 8; i += 2) {
      const Vector even = _mm512_loadu_si512(in[i] + at);
      const Vector odd = _mm512_loadu_si512(in[i + 1] + at);
      pairs[i] = _mm512_unpacklo_epi64(even, odd);
      pairs[i + 1] = _mm512_unpackhi_epi64(even, odd);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      quads[i] = _mm512_shuffle_i64x2(pairs[i], pairs[i + 2], 0x88);
      quads[i + 2] = _mm512_shuffle_i64x2(pairs[i], pairs[i + 2], 0xdd);
      quads[i + 4] = _mm512_shuffle_i64x2(pairs[i + 4], pairs[i + 6], 0x88);
      quads[i + 6] = _mm512_shuffle_i64x2(pairs[i + 4], pairs[i + 6], 0xdd);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      block[i] = _mm512_shuffle_i64x2(quads[i], quads[i + 4], 0x88);
      block[i + 4] = _mm512_shuffle_i64x2(quads[i], quads[i + 4], 0xdd);
    }
    const std::size_t last = at + 64;
    block[8] = _mm512_set_epi64(word_at(in[7] + last), word_at(in[6] + last), word_at(in[5] + last),
                                word_at(in[4] + last), word_at(in[3] + last), word_at(in[2] + last),
                                word_at(in[1] + last), word_at(in[0] + last));
  }
};

}  // namespace

void absorb_4_avx512(LaneStates& states, const std::uint8_t* const* in, std::size_t blocks) {
  absorb<Narrow>(states, in, blocks);
}

void absorb_8_avx512(LaneStates& states, const std::uint8_t* const* in, std::size_t blocks) {
  absorb<Wide>(states, in, blocks);
}

}  // namespace keystone::detail::sha3
