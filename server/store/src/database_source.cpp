// SPDX-License-Identifier: Apache-2.0
#include "postgres_database.hpp"
#include "sqlite_database.hpp"
#include "store/database.hpp"

namespace keystone::server {
namespace {

Status check_time(const std::string& name, std::chrono::milliseconds time) {
  if (time < std::chrono::milliseconds(1) || time > std::chrono::hours(1)) {
    return fail(ErrorCode::usage,
                name + ": got " + std::to_string(time.count()) + " ms, want 1 to 3600000");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<DatabaseSource>> database_source(const StoreOptions& options) {
  KEYSTONE_CHECK_OK(check_time("busy", options.busy));
  if (const auto* file = std::get_if<SqliteFile>(&options.where)) {
    if (file->path.empty() || file->path.find('\0') != std::string::npos) {
      return fail(ErrorCode::usage, "path: got none, want the path of a database file");
    }
    return sqlite_source(*file, options.busy);
  }
  const auto& postgres = std::get<Postgres>(options.where);
  KEYSTONE_CHECK_OK(check_time("statement", postgres.statement));
  KEYSTONE_CHECK_OK(check_conninfo(postgres.conninfo));
  return postgres_source(postgres, options.busy);
}

}  // namespace keystone::server
