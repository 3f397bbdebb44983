// SPDX-License-Identifier: Apache-2.0
#include "postgres_database.hpp"
#include "sqlite_database.hpp"
#include "store/database.hpp"

namespace keystone::server {

Result<std::shared_ptr<DatabaseSource>> database_source(const StoreOptions& options) {
  if (options.busy < std::chrono::milliseconds(1) || options.busy > std::chrono::hours(1)) {
    return fail(ErrorCode::usage,
                "busy: got " + std::to_string(options.busy.count()) + " ms, want 1 to 3600000");
  }
  if (const auto* file = std::get_if<SqliteFile>(&options.where)) {
    if (file->path.empty() || file->path.find('\0') != std::string::npos) {
      return fail(ErrorCode::usage, "path: got none, want the path of a database file");
    }
    return sqlite_source(*file, options.busy);
  }
  return postgres_source(std::get<Postgres>(options.where), options.busy);
}

}  // namespace keystone::server
