// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace keystone::server {

// `conninfo`, keywords and values or a URI of libpq, with limits of time: a server that does not
// answer at all is given up, after 5 s when connecting, and 10 s later. What the operator says
// wins, as it comes after.
[[nodiscard]] std::string with_limits(const std::string& conninfo);

}  // namespace keystone::server
