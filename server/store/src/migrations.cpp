// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

#include "rows.hpp"

#include <array>
#include <utility>

namespace keystone::server {
namespace {

using Word = std::array<std::string_view, 3>;  // the word, for SQLite, for PostgreSQL
constexpr std::array<Word, 4> kWords = {{
    {"%NUMBER%", "INTEGER", "BIGINT"},
    {"%TEXT%", "TEXT", "TEXT COLLATE \"C\""},
    {"%BYTES%", "BLOB", "BYTEA"},
    {"%KEYED%", "WITHOUT ROWID", ""},
}};

std::string in_dialect(std::string statement, Database::Dialect dialect) {
  for (const auto& [word, sqlite, postgres] : kWords) {
    for (auto at = statement.find(word); at != std::string::npos; at = statement.find(word, at)) {
      statement.replace(at, word.size(), dialect == Database::Dialect::sqlite ? sqlite : postgres);
    }
  }
  return statement;
}

constexpr const char* kHasVersionsInSqlite =
    "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'";
constexpr const char* kHasVersionsInPostgres = "SELECT count(to_regclass('schema_version'))";

Result<bool> has_versions(Database& database) {
  const bool sqlite = database.dialect() == Database::Dialect::sqlite;
  KEYSTONE_TRY(auto rows, database.run(sqlite ? kHasVersionsInSqlite : kHasVersionsInPostgres, {}));
  KEYSTONE_TRY(const std::uint64_t count, single_number("tables", rows));
  return count != 0;
}

Status create_versions(Database& database) {
  KEYSTONE_CHECK_OK(database.run(
      in_dialect("CREATE TABLE IF NOT EXISTS schema_version (version %NUMBER% NOT NULL)",
                 database.dialect()),
      {}));
  return {};
}

Result<std::uint64_t> version_of(Database& database) {
  KEYSTONE_TRY(auto rows, database.run("SELECT max(version) FROM schema_version", {}));
  if (rows.rows.empty() || rows.rows[0].empty() ||
      std::holds_alternative<std::monostate>(rows.rows[0][0])) {
    return 0;
  }
  RowReader row("schema_version", rows.rows[0]);
  const std::uint64_t version = row.number();
  KEYSTONE_CHECK_OK(row.finish());
  return version;
}

tl::unexpected<Error> is_newer(std::uint64_t version, const std::vector<Migration>& steps) {
  return fail(ErrorCode::malformed, "store: schema version: got " + std::to_string(version) +
                                        ", want at most " + std::to_string(steps.size()));
}

Status take_steps(Database& database, const std::vector<Migration>& steps) {
  KEYSTONE_CHECK_OK(create_versions(database));
  KEYSTONE_TRY(const std::uint64_t version, version_of(database));
  if (version > steps.size()) {
    return is_newer(version, steps);
  }
  for (std::size_t i = version; i < steps.size(); ++i) {
    for (const std::string& statement : steps[i].statements) {
      KEYSTONE_CHECK_OK(database.run(in_dialect(statement, database.dialect()), {}));
    }
    KEYSTONE_CHECK_OK(database.run("INSERT INTO schema_version (version) VALUES ($1)",
                                   std::array{value_of(std::uint64_t{i} + 1)}));
  }
  return {};
}

}  // namespace

Status migrate(Database& database, const std::vector<Migration>& steps) {
  KEYSTONE_CHECK_OK(database.begin(Database::Purpose::migrate));
  if (Status taken = take_steps(database, steps); !taken) {
    database.roll_back();
    return taken;
  }
  return database.commit();
}

Status check_version(Database& database, const std::vector<Migration>& steps) {
  KEYSTONE_TRY(const bool has, has_versions(database));
  KEYSTONE_TRY(const std::uint64_t version, has ? version_of(database) : Result<std::uint64_t>(0));
  if (version > steps.size()) {
    return is_newer(version, steps);
  }
  if (version < steps.size()) {
    return fail(
        ErrorCode::malformed,
        "store: schema version: got " + std::to_string(version) + ", want " +
            std::to_string(steps.size()),
        "the daemon brings it up to date when it starts, or keystone-attestd store migrate");
  }
  return {};
}

}  // namespace keystone::server
