// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

struct sqlite3_stmt;

namespace keystone::server {

// Runs a prepared statement and appends what it answers to `rows`. SQLITE_DONE, or SQLite's error
// code. The statement is ready for its next use, and nothing of `parameters` is left in it.
[[nodiscard]] int run_through(sqlite3_stmt* statement, std::span<const Value> parameters,
                              Rows& rows);

}  // namespace keystone::server
