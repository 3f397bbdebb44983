// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

namespace keystone::server {

// A source of connections to the file.
[[nodiscard]] std::shared_ptr<DatabaseSource> sqlite_source(const SqliteFile& file,
                                                            std::chrono::milliseconds busy);

}  // namespace keystone::server
