// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/diagnose.hpp"
#include "keystone/measure/sm.hpp"

#include <cstdint>
#include <vector>

namespace keystone {

// One way to measure a firmware: the first bytes of an image, and the window's fill behind them.
struct SmWay {
  Attempt attempt;
  std::size_t image;   // its number
  std::uint64_t size;  // of what counts of it, in bytes; at most that of the window
};

struct SmWays {
  std::vector<SmImage> images;
  std::vector<SmWay> ways;  // all that diagnose_sm() tries, in order
  std::vector<RefusedAttempt> refused;
};

// `firmware` must outlive the result. Fails with the source's own Errors alone.
[[nodiscard]] Result<SmWays> sm_ways(const ByteSource& firmware);

}  // namespace keystone
