// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The permutation in lanes. Its sources are compiled for processors that the rest of the library
// may not meet: no header of the standard library with functions in it may be included here, since
// the linker keeps one copy of an inline function, and that must not be one of these sources'.
namespace keystone::detail::sha3 {

inline constexpr std::size_t kRate = 72;     // bytes a block of SHA3-512: FIPS 202, section 6.1
inline constexpr std::size_t kWords = 25;    // of 64 bits in a state
inline constexpr std::size_t kMaxLanes = 8;  // states side by side

// The states of up to kMaxLanes hashes: word w of state i is words[w][i].
struct LaneStates {
  alignas(64) std::uint64_t words[kWords][kMaxLanes];
};

// Absorbs `blocks` blocks of kRate bytes from in[i] into state i, for as many lanes as the kernel
// has; other states stay as they are. Any number of the pointers may be the same.
using Absorb = void (*)(LaneStates& states, const std::uint8_t* const* in, std::size_t blocks);

#if defined(__x86_64__)
void absorb_4_avx2(LaneStates& states, const std::uint8_t* const* in, std::size_t blocks);
void absorb_4_avx512(LaneStates& states, const std::uint8_t* const* in, std::size_t blocks);
void absorb_8_avx512(LaneStates& states, const std::uint8_t* const* in, std::size_t blocks);
#endif

}  // namespace keystone::detail::sha3
