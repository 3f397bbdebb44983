// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sha3_lanes.hpp"

#include <vector>

namespace keystone::detail::sha3 {

// Those that this processor has.
inline std::vector<Path> available_paths() {
  std::vector<Path> paths = {Path::portable, Path::avx2, Path::avx512};
  std::erase_if(paths, [](Path path) { return !is_available(path); });
  return paths;
}

}  // namespace keystone::detail::sha3
