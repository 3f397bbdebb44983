// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "load.hpp"

namespace keystone::bench {

// Opens sessions and answers them with reports of `Attester`, on connections that are kept: each
// asks again as soon as it is answered. Throws std::runtime_error for any answer but the one
// wanted.
[[nodiscard]] Outcome run_sessions(const Load& load);

}  // namespace keystone::bench
