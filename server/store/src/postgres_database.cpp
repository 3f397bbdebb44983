// SPDX-License-Identifier: Apache-2.0
#include "postgres_database.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/hex.hpp"
#include "keystone/crypto/wipe.hpp"
#include "postgres_conninfo.hpp"
#include "postgres_error.hpp"
#include "postgres_parameters.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <unordered_map>

#include <pqxx/pqxx>

namespace keystone::server {
namespace {

// Object identifiers of types: src/include/catalog/pg_type.dat of PostgreSQL 15.
constexpr pqxx::oid kByteaType = 17;
constexpr pqxx::oid kInt8Type = 20;
constexpr pqxx::oid kInt4Type = 23;

// What each transaction begins with. Nobody waits for ever for a node that holds the lock: one that
// has died without a word loses it after 30 s. Durable is what the server's administrator made
// durable, but never less than the server's own disk.
constexpr const char* kBegin =
    "SELECT set_config('lock_timeout', $1, true),"
    " set_config('idle_in_transaction_session_timeout', '30000', true),"
    " CASE WHEN current_setting('synchronous_commit') = 'off'"
    " THEN set_config('synchronous_commit', 'on', true) END";
// Any number that no other program over the same database uses for such a lock.
constexpr const char* kMigrationLock = "SELECT pg_advisory_xact_lock(7093014218816231169)";

// Runs `work`, and makes an Error of what it throws.
template <class Work>
auto guarded(const Work& work) -> Result<decltype(work())> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (...) {
    return fail(postgres_error());
  }
}

Value value_of(const pqxx::field& field) {
  const std::string_view text(field.c_str(), field.size());
  if (field.is_null()) {
    return {};
  }
  if (field.type() == kInt8Type || field.type() == kInt4Type) {
    std::int64_t number = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  if (field.type() == kByteaType) {
    auto bytes = hex::decode("bytes", text.substr(std::min<std::size_t>(2, text.size())));
    return bytes ? Value(*std::move(bytes)) : Value();
  }
  return std::string(text);
}

Rows rows_of(const pqxx::result& result) {
  Rows rows;
  rows.affected = narrow<std::size_t>(result.affected_rows());
  rows.rows.reserve(narrow<std::size_t>(result.size()));
  for (const auto& got : result) {
    Row& row = rows.rows.emplace_back();
    for (const auto& field : got) {
      row.push_back(value_of(field));
    }
  }
  return rows;
}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::string conninfo, std::chrono::milliseconds busy)
      : conninfo_(std::move(conninfo)), busy_(std::to_string(busy.count())) {}
  ~PostgresDatabase() override { give_up(); }

  Dialect dialect() const override { return Dialect::postgres; }
  Status begin(Purpose purpose) override;
  Status commit() override;
  void roll_back() override;
  Result<Rows> run(const std::string& sql, std::span<const Value> parameters) override;

  Status open();

 private:
  // One that tells its troubles to nobody but us.
  struct Connection {
    explicit Connection(const std::string& conninfo) : connection(conninfo) {}
    pqxx::connection connection;
    pqxx::quiet_errorhandler quiet{connection};
  };

  Status begin_once(Purpose purpose);
  Result<Rows> run_in(pqxx::transaction_base& transaction, const std::string& sql,
                      std::span<const Value> parameters);
  void give_up() {
    work_.reset();
    prepared_.clear();
    connection_.reset();
  }

  std::string conninfo_;
  std::string busy_;  // milliseconds
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<pqxx::work> work_;
  std::unordered_map<std::string, std::string> prepared_;  // names of statements, by their text
};

Status PostgresDatabase::open() {
  return guarded([&] {
    give_up();
    auto connection = std::make_unique<Connection>(conninfo_);
    connection->connection.set_variable("client_encoding", "'UTF8'");
    connection->connection.set_variable("bytea_output", "'hex'");
    connection_ = std::move(connection);
  });
}

Result<Rows> PostgresDatabase::run_in(pqxx::transaction_base& transaction, const std::string& sql,
                                      std::span<const Value> parameters) {
  return guarded([&] {
    const auto [known, is_new] = prepared_.emplace(sql, "s" + std::to_string(prepared_.size()));
    if (is_new) {
      connection_->connection.prepare(known->second, sql);
    }
    const PostgresParameters texts(parameters);
    return rows_of(transaction.exec_prepared(known->second,
                                             pqxx::prepare::make_dynamic_params(texts.pointers())));
  });
}

Status PostgresDatabase::begin_once(Purpose purpose) {
  if (connection_ == nullptr) {
    KEYSTONE_CHECK_OK(open());
  }
  KEYSTONE_CHECK_OK(
      guarded([&] { work_ = std::make_unique<pqxx::work>(connection_->connection); }));
  KEYSTONE_CHECK_OK(run_in(*work_, kBegin, std::array<Value, 1>{busy_}));
  if (purpose == Purpose::migrate) {
    KEYSTONE_CHECK_OK(run_in(*work_, kMigrationLock, {}));
  }
  return {};
}

Status PostgresDatabase::begin(Purpose purpose) {
  const bool fresh = connection_ == nullptr;
  Status begun = begin_once(purpose);
  if (!begun) {
    give_up();
    // The server may have been started anew since: nothing was done yet, so it may be done again.
    if (!fresh && begun.error().code == ErrorCode::unreachable) {
      begun = begin_once(purpose);
    }
  }
  if (!begun) {
    give_up();
  }
  return begun;
}

Status PostgresDatabase::commit() {
  Status committed = guarded([&] { work_->commit(); });
  if (!committed) {
    give_up();
  }
  work_.reset();
  return committed;
}

void PostgresDatabase::roll_back() {
  if (work_ != nullptr && !guarded([&] { work_->abort(); })) {
    give_up();
  }
  work_.reset();
}

Result<Rows> PostgresDatabase::run(const std::string& sql, std::span<const Value> parameters) {
  if (work_ != nullptr) {
    return run_in(*work_, sql, parameters);
  }
  const bool fresh = connection_ == nullptr;
  if (fresh) {
    KEYSTONE_CHECK_OK(open());
  }
  const auto read = [&]() -> Result<Rows> {
    KEYSTONE_TRY(auto transaction, guarded([&] {
                   return std::make_unique<pqxx::nontransaction>(connection_->connection);
                 }));
    return run_in(*transaction, sql, parameters);
  };
  auto rows = read();
  if (!rows && rows.error().code == ErrorCode::unreachable) {
    give_up();
    if (!fresh) {
      KEYSTONE_CHECK_OK(open());
      return read();
    }
  }
  return rows;
}

class PostgresSource final : public DatabaseSource {
 public:
  PostgresSource(std::string conninfo, std::chrono::milliseconds busy)
      : conninfo_(std::move(conninfo)), busy_(busy) {}
  ~PostgresSource() override {
    wipe({reinterpret_cast<std::uint8_t*>(conninfo_.data()), conninfo_.size()});
  }
  PostgresSource(const PostgresSource&) = delete;
  PostgresSource& operator=(const PostgresSource&) = delete;

  Result<std::unique_ptr<Database>> connect() override {
    auto database = std::make_unique<PostgresDatabase>(conninfo_, busy_);
    KEYSTONE_CHECK_OK(database->open());
    return Result<std::unique_ptr<Database>>(std::move(database));
  }

 private:
  std::string conninfo_;
  std::chrono::milliseconds busy_;
};

}  // namespace

std::shared_ptr<DatabaseSource> postgres_source(const Postgres& postgres,
                                                std::chrono::milliseconds busy) {
  return std::make_shared<PostgresSource>(with_limits(postgres.conninfo), busy);
}

}  // namespace keystone::server
