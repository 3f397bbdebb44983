// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The little of a database that the store needs: what SQLite and PostgreSQL have in common.
namespace keystone::server {

// A database in a file, for one machine; several processes may have it open. Made, with mode 0600,
// where it is missing; beside it lie `-wal` and `-shm`.
struct SqliteFile {
  std::string path;
};

// A database of a PostgreSQL server, for any number of nodes.
struct Postgres {
  // libpq's keywords, or a URI; may hold a password, and is never in an Error. Without
  // connect_timeout and tcp_user_timeout it gets 5 s and 10 s.
  std::string conninfo;
  std::size_t connections =
      4;  // at most so many for reading, beside the one for writing; 1 or more
  std::chrono::milliseconds statement{10'000};  // how long one may take; 1 ms to 1 h
};

struct StoreOptions {
  std::variant<SqliteFile, Postgres> where;
  std::chrono::milliseconds busy{5000};  // how long to wait for others that write; 1 ms to 1 h
};

using Blob = std::vector<std::uint8_t>;

// NULL, a number, a text in UTF-8, or bytes.
using Value = std::variant<std::monostate, std::int64_t, std::string, Blob>;
using Row = std::vector<Value>;

struct Rows {
  std::vector<Row> rows;     // that the statement answered
  std::size_t affected = 0;  // that it inserted, updated or deleted
};

// One connection, for one thread at a time. One that was lost is made anew when it is next used,
// but not in the midst of a transaction.
class Database {
 public:
  enum class Dialect : std::uint8_t { sqlite, postgres };
  enum class Purpose : std::uint8_t {
    write,
    migrate,  // nobody else migrates meanwhile
  };

  virtual ~Database() = default;
  [[nodiscard]] virtual Dialect dialect() const = 0;

  // Begins a transaction; there is none before.
  [[nodiscard]] virtual Status begin(Purpose purpose) = 0;
  // After an Error there is no transaction any more, and whether it counts is not known.
  [[nodiscard]] virtual Status commit() = 0;
  // Ends the transaction, if there is one. A connection that fails at that is given up.
  virtual void roll_back() = 0;

  // Runs one statement with $1, $2, ... for the parameters. `sql` is ours: what comes from outside
  // is in the parameters alone. Outside a transaction it only reads. After an Error inside one,
  // that can only be rolled back.
  [[nodiscard]] virtual Result<Rows> run(const std::string& sql,
                                         std::span<const Value> parameters) = 0;
};

// Opens connections to one database. Calls may come from any thread.
class DatabaseSource {
 public:
  virtual ~DatabaseSource() = default;
  // Fails as Store::open() does.
  [[nodiscard]] virtual Result<std::unique_ptr<Database>> connect() = 0;
};

// `usage` unless libpq can read it. What is wrong with it is not said: that would show it.
[[nodiscard]] Status check_conninfo(const std::string& conninfo);

// The databases that `options` mean: nothing is opened yet. `usage` for what cannot be meant.
[[nodiscard]] Result<std::shared_ptr<DatabaseSource>> database_source(const StoreOptions& options);

}  // namespace keystone::server
