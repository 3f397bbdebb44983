// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/arguments.hpp"
#include "keystone/base/result.hpp"

namespace keystone::server::attestd {

// Serves until SIGTERM or SIGINT. Prints `listening on http://ADDRESS:PORT` (https:// with TLS), of
// the public listener, to standard output when it is ready. SIGHUP reads the configuration and the
// TLS files again: connections stay, and where something is wrong, all stays as it was.
//
// Fails with what kept it from starting. The result is the exit code.
[[nodiscard]] Result<int> serve(const ServeCommand& command);

}  // namespace keystone::server::attestd
