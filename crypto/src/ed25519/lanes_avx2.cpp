// SPDX-License-Identifier: Apache-2.0
#include "ed25519/lanes_combine.hpp"
#include "ed25519/lanes_memory_avx2.hpp"

namespace keystone::detail::ed25519::lanes {

constexpr Kernel kAvx2Kernel = {Avx2Field::kLanes, combine_with_tables<Avx2Field>,
                                combine_with_keys<Avx2Field>, nullptr};

}  // namespace keystone::detail::ed25519::lanes
