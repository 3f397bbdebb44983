// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"

#include <chrono>

namespace keystone::detail {

// `start` and `duration` later, or the end of time where that lies beyond it: callers choose both.
// A negative duration gives the beginning of time, so that nothing is within.
[[nodiscard]] constexpr Instant later(Instant start, std::chrono::seconds duration) {
  if (duration < std::chrono::seconds(0)) {
    return Instant::min();
  }
  return start > Instant::max() - duration ? Instant::max() : start + duration;
}

}  // namespace keystone::detail
