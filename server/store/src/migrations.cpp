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

Result<std::uint64_t> version_of(Database& database) {
  KEYSTONE_CHECK_OK(database.run(
      in_dialect("CREATE TABLE IF NOT EXISTS schema_version (version %NUMBER% NOT NULL)",
                 database.dialect()),
      {}));
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

Status take_steps(Database& database, const std::vector<Migration>& steps) {
  KEYSTONE_TRY(const std::uint64_t version, version_of(database));
  if (version > steps.size()) {
    return fail(ErrorCode::malformed, "store: schema version: got " + std::to_string(version) +
                                          ", want at most " + std::to_string(steps.size()));
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

}  // namespace keystone::server
