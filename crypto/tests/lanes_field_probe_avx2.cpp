// SPDX-License-Identifier: Apache-2.0
#include "ed25519/lanes_memory_avx2.hpp"
#include "lanes_field_probe_kernel.hpp"

namespace keystone::detail::ed25519::lanes {

constexpr FieldProbe kAvx2Probe = Probe<Avx2Field>::probe();

}  // namespace keystone::detail::ed25519::lanes
