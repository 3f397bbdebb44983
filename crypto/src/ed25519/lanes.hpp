// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/jobs.hpp"

#include <cstdint>
#include <span>

// Many combinations s B - k A at once, a signature to a lane of the processor's vectors. Each gets
// the answer that it would get alone. In variable time: for public numbers alone.
namespace keystone::detail::ed25519 {

namespace lanes {
struct Kernel;
}
using LaneEngine = lanes::Kernel;

enum class LanePath : std::uint8_t {
  avx2,  // 4 lanes
  ifma,  // 8 lanes: AVX-512 with IFMA
};

// Null where this processor, its system or this build cannot go that way.
[[nodiscard]] const LaneEngine* lane_engine(LanePath path);

// The fastest that there is here, or null.
[[nodiscard]] const LaneEngine* best_lane_engine();

[[nodiscard]] std::size_t lane_count(const LaneEngine& engine);

using LaneJob = PointJob;
using LaneResult = PointResult;

// The result of each job: any number of jobs, in any mixture. It is fastest for multiples of the
// lanes, and for 64 and more; with IFMA, one key or two without a table have a way of their own.
// Needs no memory but some 100 KB of stack. Requires as many
// results as jobs.
void combine_lanes(const LaneEngine& engine, std::span<const LaneJob> jobs,
                   std::span<LaneResult> results);

}  // namespace keystone::detail::ed25519
