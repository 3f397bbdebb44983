// SPDX-License-Identifier: Apache-2.0
#include "ed25519/lanes_across_ifma.hpp"

namespace keystone::detail::ed25519::lanes {

constexpr Kernel kIfmaKernel = {IfmaField::kLanes, combine_with_tables<IfmaField>,
                                combine_with_keys<IfmaField>, combine_two_keys};

}  // namespace keystone::detail::ed25519::lanes
