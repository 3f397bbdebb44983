// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/progress.hpp"
#include "keystone-measure/golden_place.hpp"

#include <vector>

namespace keystone::cli {

// Every entry of a golden file as it is now, in its order; or why that is not known.
struct MeasuredAgain {
  std::vector<Result<GoldenEnclave>> enclaves;
  std::vector<Result<GoldenSm>> security_monitors;
};

// Measures every entry from the files on disk, in `jobs` threads (at least 1), each of which hashes
// several of them side by side. At most 256 entries have their files open at the same time. Every
// failure is an Error of an entry; memory that runs out is, too.
[[nodiscard]] MeasuredAgain measure_again(const GoldenFile& golden, const GoldenPlace& place,
                                          unsigned jobs, Progress& progress);

}  // namespace keystone::cli
