// SPDX-License-Identifier: Apache-2.0
#include "point_engine.hpp"

namespace keystone::detail {

#ifdef KEYSTONE_SODIUM_ENGINE

const PointEngine& engine_for_one() {
  return sodium_engine();
}

const PointEngine& engine_for_many() {
  return sodium_engine();
}

#else

// Lanes of AVX2 gain nothing for one alone.
const PointEngine& engine_for_one() {
  const PointEngine* const ifma = lanes_engine(ed25519::LanePath::ifma);
  return ifma != nullptr ? *ifma : portable_engine();
}

const PointEngine& engine_for_many() {
  for (const auto path : {ed25519::LanePath::ifma, ed25519::LanePath::avx2}) {
    if (const PointEngine* const engine = lanes_engine(path); engine != nullptr) {
      return *engine;
    }
  }
  return portable_engine();
}

#endif

}  // namespace keystone::detail
