// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2, and run only where it is.
#include "sha3_lanes_256.hpp"

namespace keystone::detail::sha3 {

void absorb_4_avx2(LaneStates& states, const std::uint8_t* const* in, std::size_t blocks) {
  absorb<Avx2>(states, in, blocks);
}

}  // namespace keystone::detail::sha3
