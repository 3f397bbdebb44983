// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sha3_lanes_kernel.hpp"

// Keccak-f[1600] on vectors, each of which holds one word of every state: FIPS 202, section 3.
// `Ops` has the vector type and what a processor does to it. For sha3_lanes_*.cpp alone: in an
// unnamed namespace, so that what each compiles for its processor stays in it.
namespace keystone::detail::sha3 {
namespace {

// Section 3.2.5, algorithms 5 and 6.
constexpr std::uint64_t kIota[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// The word at (x, y) is number x + 5 y. Pi (section 3.2.3) moves word kFrom[i] to place i, and rho
// (section 3.2.2, table 2 modulo 64) turns it left by kTurn[i] bits on its way.
constexpr std::size_t kFrom[kWords] = {0,  6,  12, 18, 24, 3,  9,  10, 16, 22, 1,  7, 13,
                                       19, 20, 4,  5,  11, 17, 23, 2,  8,  14, 15, 21};
constexpr int kTurn[kWords] = {0, 44, 43, 21, 14, 28, 20, 3,  45, 61, 1,  6, 25,
                               8, 18, 27, 36, 10, 15, 56, 62, 55, 39, 41, 2};

template <class Ops>
class Keccak {
 public:
  using Vector = typename Ops::Vector;

  static void permute(Vector (&a)[kWords]) {
    Vector b[kWords];
    for (std::size_t i = 0; i < 24; i += 2) {
      round(a, b, kIota[i]);
      round(b, a, kIota[i + 1]);
    }
  }

 private:
  // Few vectors are alive at any point, and in this order the 32 registers of AVX-512 hold them.
  [[gnu::always_inline]] static void round(Vector (&a)[kWords], Vector (&out)[kWords],
                                           std::uint64_t iota) {
    const Vector parity[5] = {column(a, 0), column(a, 1), column(a, 2), column(a, 3), column(a, 4)};
    theta(a, 0, parity[4], parity[1]);
    theta(a, 1, parity[0], parity[2]);
    theta(a, 2, parity[1], parity[3]);
    theta(a, 3, parity[2], parity[4]);
    theta(a, 4, parity[3], parity[0]);
    row<0>(a, out);
    row<1>(a, out);
    row<2>(a, out);
    row<3>(a, out);
    row<4>(a, out);
    out[0] = Ops::add(out[0], Ops::repeat(iota));
  }

  [[gnu::always_inline]] static Vector column(const Vector (&a)[kWords], std::size_t x) {
    return Ops::add(Ops::add(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
  }

  // Adds to column x the parity of the column before it, and that of the one behind it turned.
  [[gnu::always_inline]] static void theta(Vector (&a)[kWords], std::size_t x, Vector before,
                                           Vector behind) {
    const Vector sum = Ops::add(before, Ops::template turn<1>(behind));
    a[x] = Ops::add(a[x], sum);
    a[x + 5] = Ops::add(a[x + 5], sum);
    a[x + 10] = Ops::add(a[x + 10], sum);
    a[x + 15] = Ops::add(a[x + 15], sum);
    a[x + 20] = Ops::add(a[x + 20], sum);
  }

  // Row Y after rho, pi and chi.
  template <std::size_t Y>
  [[gnu::always_inline]] static void row(const Vector (&a)[kWords], Vector (&out)[kWords]) {
    const Vector b[5] = {moved<5 * Y>(a), moved<5 * Y + 1>(a), moved<5 * Y + 2>(a),
                         moved<5 * Y + 3>(a), moved<5 * Y + 4>(a)};
    out[5 * Y] = Ops::chi(b[0], b[1], b[2]);
    out[5 * Y + 1] = Ops::chi(b[1], b[2], b[3]);
    out[5 * Y + 2] = Ops::chi(b[2], b[3], b[4]);
    out[5 * Y + 3] = Ops::chi(b[3], b[4], b[0]);
    out[5 * Y + 4] = Ops::chi(b[4], b[0], b[1]);
  }

  template <std::size_t I>
  [[gnu::always_inline]] static Vector moved(const Vector (&a)[kWords]) {
    return Ops::template turn<kTurn[I]>(a[kFrom[I]]);
  }
};

// Blocks of every state: the first eight words of each come as rows of Ops::kLanes words, and are
// turned into columns; the ninth by itself.
template <class Ops>
[[gnu::always_inline]] inline void absorb(LaneStates& states, const std::uint8_t* const* in,
                                          std::size_t blocks) {
  using Vector = typename Ops::Vector;
  Vector a[kWords];
  for (std::size_t word = 0; word < kWords; ++word) {
    a[word] = Ops::load(states.words[word]);
  }
  for (std::size_t at = 0; at < blocks * kRate; at += kRate) {
    Vector block[kRate / 8];
    Ops::load_block(in, at, block);
    for (std::size_t word = 0; word < kRate / 8; ++word) {
      a[word] = Ops::add(a[word], block[word]);
    }
    Keccak<Ops>::permute(a);
  }
  for (std::size_t word = 0; word < kWords; ++word) {
    Ops::store(states.words[word], a[word]);
  }
}

}  // namespace
}  // namespace keystone::detail::sha3
