// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// What lanes.cpp and the vector code agree on. The sources of the vector code are compiled for
// processors that the rest of the library may not meet: no header of the standard library with
// functions in it may be included here or in lanes_*.hpp, since the linker keeps one copy of an
// inline function, and that must not be one of theirs.
namespace keystone::detail::ed25519::lanes {

inline constexpr std::size_t kMaxLanes = 8;
inline constexpr std::size_t kMaxGroups = 16;   // that share one inversion
inline constexpr std::size_t kEntryWords = 16;  // of a Niels: y + x, y - x, 2 d x y, zero
inline constexpr unsigned kBaseWidth = 8;       // of the base point's table
inline constexpr unsigned kKeyWidth = 5;        // of the windows of k where a key has no table

// How many windows of `width` bits a number below 2^253 has, with the carry of the signed form.
static constexpr unsigned window_count(unsigned width) {
  return 252 / width + 1;
}

// A number of 256 bits for each lane: word w of lane i is word[w][i].
struct Numbers {
  alignas(64) std::uint64_t word[4][kMaxLanes];
};

// As many signatures as there are lanes; every lane must be filled. A scalar comes with the sum of
// 2^(w - 1) 2^(w i) added, i over its windows of w bits but the last: a window less 2^(w - 1) is
// then a signed digit, and no carry runs from one to the next.
struct Group {
  Numbers s;  // for windows of kBaseWidth
  Numbers k;  // for windows of `width`
  unsigned width;

  // One of: the entries of each lane's table, all of `width`; and the keys, where `width` is
  // kKeyWidth.
  const std::uint64_t* entries[kMaxLanes];
  Numbers key;

  // The answer. Bit i of the masks is about lane i; they are set for keys alone.
  Numbers encoded;  // of the sum; unspecified where the key is not on the curve
  unsigned on_curve;
  unsigned prime_order;  // requires on_curve
};

struct Kernel {
  std::size_t lanes;

  // Both take up to kMaxGroups groups, and for each lane the entries of the base point's table.
  void (*with_tables)(Group* groups, std::size_t count, const std::uint64_t* const* base);
  void (*with_keys)(Group* groups, std::size_t count, const std::uint64_t* const* base);

  // The faster way with one key or two, in lanes 0 and 1 of one group; null where there is none.
  void (*with_two_keys)(Group* group, std::size_t count, const std::uint64_t* const* base);
};

#if defined(__x86_64__)
extern const Kernel kAvx2Kernel;
extern const Kernel kIfmaKernel;
#endif

}  // namespace keystone::detail::ed25519::lanes
