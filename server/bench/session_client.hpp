// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "load.hpp"

namespace keystone::bench {

// Opens sessions, some hundred at a time, and answers them with what report_of() makes meanwhile:
// devices work on their own time, so that it takes none from the server while that is asked. Each
// connection asks again as soon as it is answered. Throws std::runtime_error for any answer but the
// one wanted.
[[nodiscard]] Outcome run_sessions(const Load& load);

}  // namespace keystone::bench
