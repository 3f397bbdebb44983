// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

namespace keystone::server {

// A source of connections to the server.
[[nodiscard]] std::shared_ptr<DatabaseSource> postgres_source(const Postgres& postgres,
                                                              std::chrono::milliseconds busy);

}  // namespace keystone::server
