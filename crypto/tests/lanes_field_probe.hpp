// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_kernel.hpp"

// The lanes' field arithmetic, for tests to call on limbs of their choice. The sources behind it
// are compiled as the kernels are, and keep to the same rule: no header with functions in it.
namespace keystone::detail::ed25519::lanes {

inline constexpr std::size_t kMaxLimbs = 10;

// Limb i of lane j is limb[i][j].
struct RawLimbs {
  alignas(64) std::uint64_t limb[kMaxLimbs][kMaxLanes];
};

struct FieldProbe {
  std::size_t lanes;
  std::size_t limbs;

  // All give the canonical form. `widen` takes limbs of a Wide, `invert` and `root` are powers.
  void (*multiply)(const RawLimbs& a, const RawLimbs& b, Numbers& out);
  void (*square)(const RawLimbs& a, const RawLimbs& b, Numbers& out);
  void (*sum)(const RawLimbs& a, const RawLimbs& b, Numbers& out);
  void (*difference)(const RawLimbs& a, const RawLimbs& b, Numbers& out);
  void (*negated)(const RawLimbs& a, const RawLimbs& b, Numbers& out);
  void (*invert)(const RawLimbs& a, const RawLimbs& b, Numbers& out);
  void (*root)(const RawLimbs& a, const RawLimbs& b, Numbers& out);

  // Limbs of what carry() makes of a Wide.
  void (*carried)(const RawLimbs& wide, RawLimbs& tight);
};

#if defined(__x86_64__)
extern const FieldProbe kAvx2Probe;
extern const FieldProbe kIfmaProbe;
#endif

}  // namespace keystone::detail::ed25519::lanes
