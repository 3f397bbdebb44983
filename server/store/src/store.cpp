// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/secret_bytes.hpp"
#include "migrations.hpp"
#include "store_impl.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

constexpr std::size_t kSqliteReaders = 4;

const std::string kIssuerKey = "issuer_key";
const std::string kSealingKey = "sealing_key";
const std::string kInsertSecret =
    "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
// A row that stays what it was would not be written at all.
const std::string kPing = "UPDATE store_state SET pings = (pings + 1) % 1000 WHERE id = 1";
const std::string kSelectSecret = "SELECT value FROM secrets WHERE name = $1";

Status insert_secret(Database& database, const std::string& name, const RandomSource& random) {
  std::array<Value, 2> values{name, Blob(SharedSecrets::kKeySize)};
  auto& key = std::get<Blob>(values[1]);
  random(key);
  const auto inserted = database.run(kInsertSecret, values);
  wipe(key);
  return inserted ? Status() : fail(inserted.error());
}

// What a new store has from the start. One that has it keeps it.
Status create(Database& database, const RandomSource& random) {
  const auto insert_all = [&]() -> Status {
    KEYSTONE_CHECK_OK(create_state(database));
    KEYSTONE_CHECK_OK(insert_secret(database, kIssuerKey, random));
    return insert_secret(database, kSealingKey, random);
  };
  KEYSTONE_CHECK_OK(database.begin(Database::Purpose::write));
  if (Status inserted = insert_all(); !inserted) {
    database.roll_back();
    return inserted;
  }
  return database.commit();
}

std::size_t readers_of(const StoreOptions& options) {
  const auto* postgres = std::get_if<Postgres>(&options.where);
  return postgres != nullptr ? postgres->connections : kSqliteReaders;
}

Status read_secret(Readers& reader, const std::string& name, SharedSecrets::Key& key) {
  KEYSTONE_TRY(auto rows, reader.run(kSelectSecret, name));
  if (rows.rows.size() != 1) {
    return fail(ErrorCode::malformed, "store: secret: got none, want one");
  }
  RowReader row("secret", rows.rows[0]);
  Blob bytes = row.bytes();
  KEYSTONE_CHECK_OK(row.finish());
  if (bytes.size() != key.size()) {
    return fail(ErrorCode::malformed, "store: secret: got " + std::to_string(bytes.size()) +
                                          " bytes, want " + std::to_string(key.size()));
  }
  std::copy(bytes.begin(), bytes.end(), key.begin());
  wipe(bytes);
  return {};
}

}  // namespace

SharedSecrets::~SharedSecrets() {
  wipe(issuer_key_);
  wipe(sealing_key_);
}

SharedSecrets::SharedSecrets(SharedSecrets&& other) noexcept
    : issuer_key_(other.issuer_key_), sealing_key_(other.sealing_key_) {
  wipe(other.issuer_key_);
  wipe(other.sealing_key_);
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;
Store::Store(Store&& other) noexcept = default;
Store& Store::operator=(Store&& other) noexcept = default;

Result<Store> Store::open(const StoreOptions& options, const RandomSource& random) {
  KEYSTONE_TRY(auto source, database_source(options));
  return open(std::move(source), readers_of(options), random);
}

Result<Store> Store::open_as_it_is(const StoreOptions& options) {
  KEYSTONE_TRY(auto source, database_source(options));
  KEYSTONE_TRY(auto database, source->connect());
  KEYSTONE_CHECK_OK(check_version(*database, migrations()));
  return Store(std::make_unique<Impl>(source, readers_of(options), std::move(database)));
}

Result<Store> Store::open(std::shared_ptr<DatabaseSource> source, std::size_t readers,
                          const RandomSource& random) {
  if (readers < 1) {
    return fail(ErrorCode::usage, "connections: got 0, want 1 or more");
  }
  KEYSTONE_TRY(auto database, source->connect());
  KEYSTONE_CHECK_OK(migrate(*database, migrations()));
  KEYSTONE_CHECK_OK(create(*database, random));
  return Store(std::make_unique<Impl>(source, readers, std::move(database)));
}

Result<SharedSecrets> Store::secrets() const {
  SecretArray<SharedSecrets::kKeySize> issuer;
  SecretArray<SharedSecrets::kKeySize> sealing;
  KEYSTONE_CHECK_OK(read_secret(impl_->reader, kIssuerKey, issuer.bytes));
  KEYSTONE_CHECK_OK(read_secret(impl_->reader, kSealingKey, sealing.bytes));
  return SharedSecrets(issuer.bytes, sealing.bytes);
}

Status Store::ping() {
  return impl_->writer.write([](Changes& changes) -> Status {
    KEYSTONE_CHECK_OK(changes.run(kPing));
    return {};
  });
}

Status Store::is_ready() {
  return impl_->readiness.ask([this] { return ping(); });
}

Store::Statistics Store::statistics() const {
  return {impl_->writer.writes(), impl_->settlements, impl_->writer.transactions()};
}

}  // namespace keystone::server
