// SPDX-License-Identifier: Apache-2.0
#include "sqlite_database.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/descriptor.hpp"
#include "sqlite_statement.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace keystone::server {
namespace {

// Only the owner may read it: the secrets are in it.
constexpr mode_t kFileMode = 0600;

// What every connection begins with.
constexpr const char* kSwitchToWal = "PRAGMA journal_mode = WAL";

// And goes on with. The size of the log file is cut back to 16 MiB when it has grown beyond that.
constexpr std::array kSettings = {
    "PRAGMA synchronous = FULL",
    "PRAGMA journal_size_limit = 16777216",
    "PRAGMA trusted_schema = OFF",
};

constexpr std::chrono::milliseconds kBetweenSwitches{5};

struct Close {
  void operator()(sqlite3* connection) const { (void)sqlite3_close_v2(connection); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { (void)sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, Close>;
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

// What a caller can do about it. Extended codes have the primary one in their low byte.
ErrorCode code_of(int error) {
  switch (error & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::unreachable;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
      return ErrorCode::unwritable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::malformed;
    default:
      return ErrorCode::internal;
  }
}

tl::unexpected<Error> failed(int error) {
  return fail(code_of(error), std::string("store: ") + sqlite3_errstr(error) + " (SQLite error " +
                                  std::to_string(error) + ")");
}

// Makes the file if there is none, and sees that nobody else may read it. A file that is there is
// not opened for that: closing it again would take this process's locks from it.
Status claim_file(const std::string& path) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  const bool made = Descriptor(::open(path.c_str(), kFlags, kFileMode)).is_open();
  struct stat status {};
  if (!made && (errno != EEXIST || ::stat(path.c_str(), &status) != 0 ||
                ((status.st_mode & 0077U) != 0 && ::chmod(path.c_str(), kFileMode) != 0))) {
    return fail(ErrorCode::unwritable,
                "store: cannot open the database: " + std::string(std::strerror(errno)));
  }
  return {};
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, std::chrono::milliseconds busy)
      : path_(std::move(path)), busy_(narrow<int>(busy.count())) {}
  ~SqliteDatabase() override { give_up(); }

  Dialect dialect() const override { return Dialect::sqlite; }
  Status begin(Purpose purpose) override;
  Status commit() override;
  void roll_back() override;
  Result<Rows> run(const std::string& sql, std::span<const Value> parameters) override;

  Status open();

 private:
  Status switch_to_wal();
  Status run_alone(const char* sql) { return without_rows(run(sql, {})); }
  static Status without_rows(const Result<Rows>& rows) {
    return rows ? Status() : fail(rows.error());
  }
  Result<sqlite3_stmt*> prepare(const std::string& sql);
  tl::unexpected<Error> refuse(int error);
  void give_up() {
    prepared_.clear();
    connection_.reset();
  }

  std::string path_;
  int busy_;
  Connection connection_;
  std::unordered_map<std::string, Prepared> prepared_;  // by their text: ours, and so not many
  bool suspect_ = false;  // after an error that the file system may have caused
};

Status SqliteDatabase::open() {
  KEYSTONE_CHECK_OK(claim_file(path_));
  sqlite3* opened = nullptr;
  // A connection is used by one thread at a time, so it needs no lock of its own.
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int error = sqlite3_open_v2(path_.c_str(), &opened, kFlags, nullptr);
  connection_.reset(opened);
  if (error != SQLITE_OK) {
    give_up();
    return failed(error);
  }
  (void)sqlite3_busy_timeout(connection_.get(), busy_);
  suspect_ = false;
  Status set = switch_to_wal();
  for (std::size_t i = 0; set && i < kSettings.size(); ++i) {
    set = run_alone(kSettings[i]);
  }
  if (!set) {
    give_up();
  }
  return set;
}

// Of several that open a new database, one switches; SQLite does not let the others wait for it,
// since two that hold a read lock would wait for each other (sqlite.org/c3ref/busy_handler.html).
Status SqliteDatabase::switch_to_wal() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(busy_);
  while (true) {
    Status switched = run_alone(kSwitchToWal);
    if (switched || switched.error().code != ErrorCode::unreachable ||
        std::chrono::steady_clock::now() >= end) {
      return switched;
    }
    std::this_thread::sleep_for(kBetweenSwitches);
  }
}

tl::unexpected<Error> SqliteDatabase::refuse(int error) {
  // A file that could not be read or written may be there again, or be another one.
  suspect_ =
      suspect_ || code_of(error) == ErrorCode::unwritable || code_of(error) == ErrorCode::malformed;
  return failed(error);
}

Result<sqlite3_stmt*> SqliteDatabase::prepare(const std::string& sql) {
  Prepared& prepared = prepared_[sql];
  if (prepared == nullptr) {
    sqlite3_stmt* made = nullptr;
    const int error = sqlite3_prepare_v3(connection_.get(), sql.c_str(), narrow<int>(sql.size()),
                                         SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    prepared.reset(made);
    if (error != SQLITE_OK) {
      return refuse(error);
    }
  }
  return prepared.get();
}

Result<Rows> SqliteDatabase::run(const std::string& sql, std::span<const Value> parameters) {
  const bool alone = connection_ == nullptr || sqlite3_get_autocommit(connection_.get()) != 0;
  if (alone && suspect_) {
    give_up();
  }
  if (connection_ == nullptr) {
    KEYSTONE_CHECK_OK(open());
  }
  KEYSTONE_TRY(sqlite3_stmt* const statement, prepare(sql));
  Rows rows;
  const int state = run_through(statement, parameters, rows);
  if (state != SQLITE_DONE) {
    return refuse(state);
  }
  rows.affected = narrow<std::size_t>(sqlite3_changes(connection_.get()));
  return rows;
}

Status SqliteDatabase::begin(Purpose) {
  return run_alone("BEGIN IMMEDIATE");
}

Status SqliteDatabase::commit() {
  Status committed = run_alone("COMMIT");
  if (!committed) {
    roll_back();
  }
  return committed;
}

void SqliteDatabase::roll_back() {
  // Some errors have ended the transaction already.
  if (connection_ != nullptr && sqlite3_get_autocommit(connection_.get()) == 0 &&
      !run_alone("ROLLBACK")) {
    give_up();
  }
}

class SqliteSource final : public DatabaseSource {
 public:
  SqliteSource(std::string path, std::chrono::milliseconds busy)
      : path_(std::move(path)), busy_(busy) {}

  Result<std::unique_ptr<Database>> connect() override {
    auto database = std::make_unique<SqliteDatabase>(path_, busy_);
    KEYSTONE_CHECK_OK(database->open());
    return Result<std::unique_ptr<Database>>(std::move(database));
  }

 private:
  std::string path_;
  std::chrono::milliseconds busy_;
};

}  // namespace

std::shared_ptr<DatabaseSource> sqlite_source(const SqliteFile& file,
                                              std::chrono::milliseconds busy) {
  // A path, whatever it looks like: SQLite gives `:memory:` and `file:` a meaning of their own.
  const bool absolute = file.path.front() == '/';
  return std::make_shared<SqliteSource>(absolute ? file.path : "./" + file.path, busy);
}

}  // namespace keystone::server
