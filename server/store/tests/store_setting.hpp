// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/random.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"
#include "postgres_server.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

namespace keystone::server {

// Times of the tests: no clock is asked.
inline constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};
inline Instant after(int seconds) {
  return kNow + std::chrono::seconds(seconds);
}

enum class Backend { sqlite, postgres };

inline std::string name_of(const ::testing::TestParamInfo<Backend>& info) {
  return info.param == Backend::sqlite ? "Sqlite" : "Postgres";
}

// The nonce of 32 bytes that a number stands for.
inline Nonce nonce_of(std::uint64_t number) {
  std::array<std::uint8_t, 32> bytes{};
  for (unsigned i = 0; i < 8; ++i) {
    bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return Nonce::from(bytes).value();
}

inline AuditEvent event_of(const std::string& kind) {
  return AuditEvent{kNow, kind, "tester", R"({"of":")" + kind + "\"}"};
}

// A verdict, of which only the identifier matters.
inline Settlement settlement_of(const std::string& id, std::vector<Spend> spends) {
  NewResult result{id, kNow, true, "d1", "5a", "e1", "default", 1, "ear", "{}", {1, 2, 3}};
  return Settlement{std::move(spends), std::move(result), event_of("verdict")};
}

inline Result<std::vector<Settled>> settle(Store& store,
                                           const std::vector<Settlement>& settlements) {
  std::vector<const Settlement*> places;
  for (const Settlement& settlement : settlements) {
    places.push_back(&settlement);
  }
  return store.settle(places);
}

// A new and empty database of one kind, as long as this lives.
class FreshDatabase {
 public:
  explicit FreshDatabase(Backend backend) : options_(make(backend)) {}

  [[nodiscard]] const StoreOptions& options() const { return options_; }
  [[nodiscard]] std::string path() const { return folder_ / "store.db"; }
  [[nodiscard]] Store open() const { return Store::open(options_, fill_random).value(); }

  // What somebody does to the database who goes past the store.
  Rows run(const std::string& sql, const std::vector<Value>& values = {}) const {
    const auto database = database_source(options_).value()->connect().value();
    EXPECT_TRUE(testing::succeeds(database->begin(Database::Purpose::write)));
    auto rows = database->run(sql, values);
    EXPECT_TRUE(testing::succeeds(rows));
    EXPECT_TRUE(testing::succeeds(database->commit()));
    return rows.value_or(Rows{});
  }

 private:
  StoreOptions make(Backend backend) const {
    if (backend == Backend::sqlite) {
      return StoreOptions{SqliteFile{path()}};
    }
    return StoreOptions{Postgres{testing::PostgresServer::shared().conninfo_of_new_schema()}};
  }

  testing::TemporaryFolder folder_;
  StoreOptions options_;
};

// A test of a Store over each backend.
class StoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  FreshDatabase database{GetParam()};
  Store store = database.open();
};

inline const auto kBothBackends = ::testing::Values(Backend::sqlite, Backend::postgres);

}  // namespace keystone::server
