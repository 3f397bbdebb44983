// SPDX-License-Identifier: Apache-2.0
#include "postgres_database.hpp"

#include "keystone/crypto/wipe.hpp"
#include "postgres_conninfo.hpp"
#include "postgres_error.hpp"
#include "postgres_parameters.hpp"
#include "postgres_rows.hpp"

#include <array>
#include <cstring>
#include <optional>
#include <unordered_map>

#include <pqxx/pqxx>

namespace keystone::server {
namespace {

// What each transaction begins with. A node that has died without a word loses the lock after 30 s.
// Durable is what the server's administrator made durable, but never less than the server's disk.
constexpr const char* kBegin =
    "SELECT set_config('idle_in_transaction_session_timeout', '30000', true),"
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

struct PostgresTimes {
  std::chrono::milliseconds busy;
  std::chrono::milliseconds statement;
};

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::string conninfo, const PostgresTimes& times)
      : conninfo_(std::move(conninfo)),
        busy_(std::to_string(times.busy.count())),
        statement_(std::to_string(times.statement.count())) {}
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
  // A statement that took too long has failed, but its connection has not.
  bool is_lost() const { return connection_ == nullptr || !connection_->connection.is_open(); }
  void give_up() {
    work_.reset();
    prepared_.clear();
    connection_.reset();
  }

  std::string conninfo_;
  std::string busy_;       // milliseconds
  std::string statement_;  // likewise
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
    connection->connection.set_variable("lock_timeout", busy_);
    connection->connection.set_variable("statement_timeout", statement_);
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
  KEYSTONE_CHECK_OK(run_in(*work_, kBegin, {}));
  if (purpose == Purpose::migrate) {
    // A table may have grown large since it was made.
    KEYSTONE_CHECK_OK(run_in(*work_, "SET LOCAL statement_timeout = 0", {}));
    KEYSTONE_CHECK_OK(run_in(*work_, kMigrationLock, {}));
  }
  return {};
}

Status PostgresDatabase::begin(Purpose purpose) {
  const bool fresh = connection_ == nullptr;
  Status begun = begin_once(purpose);
  if (!begun) {
    const bool lost = is_lost();
    give_up();
    // The server may have been started anew since: nothing was done yet, so it may be done again.
    if (!fresh && lost && begun.error().code == ErrorCode::unreachable) {
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
  if (!rows && rows.error().code == ErrorCode::unreachable && is_lost()) {
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
  PostgresSource(std::string conninfo, const PostgresTimes& times)
      : conninfo_(std::move(conninfo)), times_(times) {}
  ~PostgresSource() override {
    wipe({reinterpret_cast<std::uint8_t*>(conninfo_.data()), conninfo_.size()});
  }
  PostgresSource(const PostgresSource&) = delete;
  PostgresSource& operator=(const PostgresSource&) = delete;

  Result<std::unique_ptr<Database>> connect() override {
    auto database = std::make_unique<PostgresDatabase>(conninfo_, times_);
    KEYSTONE_CHECK_OK(database->open());
    return Result<std::unique_ptr<Database>>(std::move(database));
  }

 private:
  std::string conninfo_;
  PostgresTimes times_;
};

}  // namespace

std::shared_ptr<DatabaseSource> postgres_source(const Postgres& postgres,
                                                std::chrono::milliseconds busy) {
  return std::make_shared<PostgresSource>(with_limits(postgres.conninfo),
                                          PostgresTimes{busy, postgres.statement});
}

}  // namespace keystone::server
