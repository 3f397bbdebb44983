// SPDX-License-Identifier: Apache-2.0
#include "ed25519/lanes_memory_ifma.hpp"
#include "lanes_field_probe_kernel.hpp"

namespace keystone::detail::ed25519::lanes {

constexpr FieldProbe kIfmaProbe = Probe<IfmaField>::probe();

}  // namespace keystone::detail::ed25519::lanes
