// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_power.hpp"
#include "lanes_field_probe.hpp"

// For lanes_field_probe_*.cpp alone.
namespace keystone::detail::ed25519::lanes {
namespace {

template <class Limbs>
Limbs from_raw(const RawLimbs& raw) {
  Limbs limbs;
  std::size_t i = 0;
  for (auto& limb : limbs.limb) {
    __builtin_memcpy(&limb, raw.limb[i++], sizeof limb);
  }
  return limbs;
}

template <class Field>
struct Probe {
  using Wide = typename Field::Wide;

  static void multiply_wide(const RawLimbs& a, const RawLimbs& b, Numbers& out) {
    store(multiply(from_raw<Field>(a), from_raw<Field>(b)), 0, out);
  }
  static void square_wide(const RawLimbs& a, const RawLimbs&, Numbers& out) {
    store(square(from_raw<Field>(a)), 0, out);
  }
  static void sum_of(const RawLimbs& a, const RawLimbs& b, Numbers& out) {
    store(sum(from_raw<Wide>(a), from_raw<Wide>(b)), 0, out);
  }
  static void difference_of(const RawLimbs& a, const RawLimbs& b, Numbers& out) {
    store(difference(from_raw<Wide>(a), from_raw<Wide>(b)), 0, out);
  }
  static void negated(const RawLimbs& a, const RawLimbs&, Numbers& out) {
    store(negate_where(~0U, from_raw<Field>(a)), 0, out);
  }
  static void inverse_of(const RawLimbs& a, const RawLimbs&, Numbers& out) {
    store(invert(powers(from_raw<Field>(a))), 0, out);
  }
  static void root_of(const RawLimbs& a, const RawLimbs&, Numbers& out) {
    const Field field = from_raw<Field>(a);
    store(power_for_root(field, powers(field)), 0, out);
  }
  static void carried(const RawLimbs& wide, RawLimbs& tight) {
    const Field field = carry(from_raw<Wide>(wide));
    std::size_t i = 0;
    for (const auto& limb : field.limb) {
      __builtin_memcpy(tight.limb[i++], &limb, sizeof limb);
    }
  }

  static constexpr FieldProbe probe() {
    return {Field::kLanes, sizeof(Field) / sizeof(Field::limb[0]),
            multiply_wide, square_wide,
            sum_of,        difference_of,
            negated,       inverse_of,
            root_of,       carried};
  }
};

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
