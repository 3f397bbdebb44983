// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/jobs.hpp"
#include "ed25519/lanes.hpp"

#include <span>

// The arithmetic of edwards25519 that verification needs: the one seam behind which engines are
// exchanged. All of them give the same answers, in variable time: for public numbers alone.
namespace keystone::detail {

using ed25519::KeyFault;
using ed25519::PointBytes;
using ed25519::PointJob;
using ed25519::PointResult;
using ed25519::Scalar;

class PointEngine {
 public:
  virtual ~PointEngine() = default;

  // Whether `number` is less than L, the order of the prime-order group.
  [[nodiscard]] virtual bool is_reduced(std::span<const std::uint8_t, 32> number) const = 0;

  // The number mod L.
  [[nodiscard]] virtual Scalar reduce(std::span<const std::uint8_t, 64> number) const = 0;

  // Whether jobs may come with a table instead of a key.
  [[nodiscard]] virtual bool takes_tables() const = 0;

  // The result of each job. Requires as many results as jobs.
  virtual void combine(std::span<const PointJob> jobs, std::span<PointResult> results) const = 0;
};

// Our own, in portable C++.
[[nodiscard]] const PointEngine& portable_engine();

// Our own, in the lanes of the processor's vectors: null where there are none of that kind.
[[nodiscard]] const PointEngine* lanes_engine(ed25519::LanePath path);

// libsodium's public functions: the second opinion of the tests, and of a build with
// KEYSTONE_SODIUM_ENGINE the only one.
[[nodiscard]] const PointEngine& sodium_engine();

// The fastest here for one signature, and for many at once.
[[nodiscard]] const PointEngine& engine_for_one();
[[nodiscard]] const PointEngine& engine_for_many();

}  // namespace keystone::detail
