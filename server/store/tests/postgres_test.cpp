// SPDX-License-Identifier: Apache-2.0
#include "store_setting.hpp"

#include <chrono>

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::PostgresServer;
using testing::succeeds;
using Purpose = Database::Purpose;

std::unique_ptr<Database> connect(const std::string& conninfo, int statement_ms = 10'000) {
  const StoreOptions options{Postgres{conninfo, 4, std::chrono::milliseconds(statement_ms)}};
  return database_source(options).value()->connect().value();
}

// What the first column of the first row says.
template <class T>
T single(Database& database, const std::string& sql) {
  const auto rows = database.run(sql, {});
  EXPECT_TRUE(succeeds(rows));
  return rows && !rows->rows.empty() ? std::get<T>(rows->rows[0][0]) : T();
}

class PostgresTest : public ::testing::Test {
 protected:
  std::string conninfo = PostgresServer::shared().conninfo_of_new_schema();
};

TEST_F(PostgresTest, ErrorsSayWhatTheCallerCanDo) {
  const auto database = connect(conninfo);
  const std::vector<std::pair<std::string, ErrorCode>> cases = {
      {"53100", ErrorCode::unwritable},  {"53200", ErrorCode::unwritable},
      {"53300", ErrorCode::unreachable}, {"58030", ErrorCode::unwritable},
      {"25006", ErrorCode::unwritable},  {"40001", ErrorCode::unreachable},
      {"40P01", ErrorCode::unreachable}, {"55P03", ErrorCode::unreachable},
      {"57014", ErrorCode::unreachable}, {"57P01", ErrorCode::unreachable},
      {"08006", ErrorCode::unreachable}, {"XX001", ErrorCode::malformed},
      {"23505", ErrorCode::internal},    {"42601", ErrorCode::internal},
  };
  for (const auto& [state, code] : cases) {
    ASSERT_TRUE(succeeds(database->begin(Purpose::write)));
    const std::string raise = "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''" + state + "''; END'";
    EXPECT_TRUE(fails_with(database->run(raise, {}), code)) << state;
    database->roll_back();
  }
}

TEST_F(PostgresTest, ATransactionWhoseConnectionIsLostIsNotGoneOnWith) {
  const auto database = connect(conninfo);
  const auto other = connect(conninfo);
  ASSERT_TRUE(succeeds(other->begin(Purpose::write)));
  ASSERT_TRUE(succeeds(other->run("CREATE TABLE t (a BIGINT)", {})));
  ASSERT_TRUE(succeeds(other->commit()));
  ASSERT_TRUE(succeeds(database->begin(Purpose::write)));
  ASSERT_TRUE(succeeds(database->run("INSERT INTO t VALUES (1)", {})));
  const auto pid = single<std::int64_t>(*database, "SELECT pg_backend_pid()");
  EXPECT_TRUE(
      succeeds(other->run("SELECT pg_terminate_backend($1, 60000)", std::vector<Value>{pid})));
  EXPECT_TRUE(fails_with(database->run("INSERT INTO t VALUES (2)", {}), ErrorCode::unreachable));
  EXPECT_FALSE(database->run("INSERT INTO t VALUES (3)", {}).has_value());
  EXPECT_FALSE(database->commit().has_value());
  ASSERT_TRUE(succeeds(database->begin(Purpose::write)));
  ASSERT_TRUE(succeeds(database->run("INSERT INTO t VALUES (4)", {})));
  ASSERT_TRUE(succeeds(database->commit()));
  EXPECT_EQ(single<std::int64_t>(*other, "SELECT sum(a)::BIGINT FROM t"), 4);
}

TEST_F(PostgresTest, ALostConnectionIsMadeAnewForWhatComesNext) {
  const auto database = connect(conninfo);
  const auto other = connect(conninfo);
  for (int round = 0; round < 2; ++round) {
    const auto pid = single<std::int64_t>(*database, "SELECT pg_backend_pid()");
    EXPECT_TRUE(
        succeeds(other->run("SELECT pg_terminate_backend($1, 60000)", std::vector<Value>{pid})));
    // The first round reads, the second begins.
    EXPECT_TRUE(round == 0 ? succeeds(database->run("SELECT 1", {}))
                           : succeeds(database->begin(Purpose::write)));
  }
}

TEST_F(PostgresTest, WhatIsCommittedIsOnTheServersDisk) {
  for (const auto& [set, want] : {std::pair("off", "on"), std::pair("remote_apply", "remote_apply"),
                                  std::pair("local", "local")}) {
    const auto database = connect(conninfo + " options='-c synchronous_commit=" + set + "'");
    ASSERT_TRUE(succeeds(database->begin(Purpose::write)));
    EXPECT_EQ(single<std::string>(*database, "SHOW synchronous_commit"), want);
    database->roll_back();
  }
}

TEST_F(PostgresTest, ANodeThatKeepsTheLockIsAnErrorForTheOthersUntilItLetsGo) {
  Store store =
      Store::open({Postgres{conninfo}, std::chrono::milliseconds(50)}, fill_random).value();
  const auto stuck = connect(conninfo);
  ASSERT_TRUE(succeeds(stuck->begin(Purpose::write)));
  ASSERT_TRUE(succeeds(stuck->run("SELECT * FROM store_state FOR UPDATE", {})));
  EXPECT_TRUE(fails_with(settle(store, {settlement_of("r", {})}), ErrorCode::unreachable));
  EXPECT_TRUE(succeeds(store.revision()));
  stuck->roll_back();
  EXPECT_EQ(settle(store, {settlement_of("r", {})}), std::vector{Settled::recorded});
}

TEST_F(PostgresTest, AReadThatOthersHoldUpIsAnErrorUntilTheyLetGo) {
  Store store =
      Store::open({Postgres{conninfo}, std::chrono::milliseconds(50)}, fill_random).value();
  ASSERT_EQ(settle(store, {settlement_of("r", {})}), std::vector{Settled::recorded});
  const auto other = connect(conninfo);
  ASSERT_TRUE(succeeds(other->begin(Purpose::write)));
  ASSERT_TRUE(succeeds(other->run("LOCK TABLE results IN ACCESS EXCLUSIVE MODE", {})));
  EXPECT_TRUE(fails_with(store.find_result("r"), ErrorCode::unreachable, "55P03"));
  EXPECT_TRUE(fails_with(settle(store, {settlement_of("s", {})}), ErrorCode::unreachable));
  other->roll_back();
  EXPECT_TRUE(store.find_result("r").value().has_value());
  EXPECT_FALSE(store.find_result("s").value().has_value());
  EXPECT_EQ(settle(store, {settlement_of("s", {})}), std::vector{Settled::recorded});
}

TEST_F(PostgresTest, AStatementThatTakesTooLongIsAnErrorAndTheConnectionStays) {
  const auto database = connect(conninfo, 50);
  const std::string asleep = "SELECT 1 FROM pg_sleep(1000)";
  const auto pid = single<std::int64_t>(*database, "SELECT pg_backend_pid()");
  EXPECT_TRUE(fails_with(database->run(asleep, {}), ErrorCode::unreachable, "57014"));
  ASSERT_TRUE(succeeds(database->begin(Purpose::write)));
  EXPECT_TRUE(fails_with(database->run(asleep, {}), ErrorCode::unreachable, "57014"));
  database->roll_back();
  EXPECT_EQ(single<std::int64_t>(*database, "SELECT pg_backend_pid()"), pid);
}

TEST_F(PostgresTest, AMigrationMayTakeAsLongAsItNeeds) {
  const auto database = connect(conninfo, 50);
  ASSERT_TRUE(succeeds(database->begin(Purpose::migrate)));
  EXPECT_TRUE(succeeds(database->run("SELECT 1 FROM pg_sleep(0.2)", {})));
  ASSERT_TRUE(succeeds(database->commit()));
  EXPECT_TRUE(
      fails_with(database->run("SELECT 1 FROM pg_sleep(1000)", {}), ErrorCode::unreachable));
}

TEST_F(PostgresTest, AServerThatIsReadOnlyIsAnErrorUntilItIsNot) {
  Store store = Store::open({Postgres{conninfo}}, fill_random).value();
  const auto administrator = connect(conninfo + " options='-c default_transaction_read_only=off'");
  const auto spend = [&](const std::string& id) {
    return settle(store, {settlement_of(id, {{nonce_of(1), after(300)}})});
  };
  const std::string user = "ALTER ROLE keystone SET default_transaction_read_only = ";
  ASSERT_TRUE(succeeds(administrator->begin(Purpose::write)));
  ASSERT_TRUE(succeeds(administrator->run(user + "on", {})));
  ASSERT_TRUE(succeeds(administrator->commit()));
  // Of new sessions only.
  const auto end_sessions = [&] {
    (void)administrator->run(
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE pid <> "
        "pg_backend_pid()"
        " AND backend_type = 'client backend'",
        {});
  };
  end_sessions();
  EXPECT_TRUE(fails_with(spend("r"), ErrorCode::unwritable));
  EXPECT_TRUE(fails_with(store.ping(), ErrorCode::unwritable));
  ASSERT_TRUE(succeeds(administrator->begin(Purpose::write)));
  ASSERT_TRUE(succeeds(administrator->run(user + "off", {})));
  ASSERT_TRUE(succeeds(administrator->commit()));
  end_sessions();
  EXPECT_EQ(spend("r"), std::vector{Settled::recorded});
}

TEST(PostgresRestart, AServerThatIsAwayIsAnErrorUntilItIsBack) {
  PostgresServer server;
  Store store = Store::open({Postgres{server.conninfo()}}, fill_random).value();
  const auto spend = [&](std::uint64_t i) {
    return settle(store, {settlement_of(std::to_string(i), {{nonce_of(i), after(300)}})});
  };
  EXPECT_EQ(spend(1), std::vector{Settled::recorded});
  EXPECT_TRUE(store.find_result("1").value().has_value());
  server.stop();
  EXPECT_TRUE(fails_with(spend(2), ErrorCode::unreachable));
  EXPECT_TRUE(fails_with(store.find_result("1"), ErrorCode::unreachable));
  EXPECT_TRUE(fails_with(store.ping(), ErrorCode::unreachable));
  server.start();
  EXPECT_EQ(spend(1), std::vector{Settled::spent_before});
  EXPECT_EQ(spend(2), std::vector{Settled::recorded});
  EXPECT_TRUE(store.find_result("1").value().has_value());
  // Started anew between two calls, nobody notices.
  server.stop();
  server.start();
  EXPECT_TRUE(succeeds(store.find_result("1")));
  EXPECT_EQ(spend(3), std::vector{Settled::recorded});
  EXPECT_EQ(verify_audit(store, {}).value().broken, std::nullopt);
}

}  // namespace
}  // namespace keystone::server
