// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

#include "store_setting.hpp"

#include <thread>

#include <sys/stat.h>

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

class MigrationsTest : public ::testing::TestWithParam<Backend> {
 protected:
  std::unique_ptr<Database> connect() const {
    return database_source(fresh.options()).value()->connect().value();
  }
  std::int64_t count(const std::string& table) const {
    const auto rows = fresh.run("SELECT count(*) FROM " + table).rows;
    return rows.empty() ? -1 : std::get<std::int64_t>(rows[0][0]);
  }
  FreshDatabase fresh{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Over, MigrationsTest, kBothBackends, name_of);

const Migration kFirst{
    {"CREATE TABLE t (a %NUMBER% NOT NULL, b %TEXT%, c %BYTES%)", "INSERT INTO t (a) VALUES (1)"}};
const Migration kSecond{{"INSERT INTO t (a) VALUES (2)"}};
const Migration kThird{{"CREATE TABLE u (k %TEXT% PRIMARY KEY) %KEYED%"}};

TEST_P(MigrationsTest, TakesEachStepOnce) {
  const auto database = connect();
  EXPECT_TRUE(succeeds(migrate(*database, {kFirst})));
  EXPECT_EQ(count("t"), 1);
  EXPECT_TRUE(succeeds(migrate(*database, {kFirst})));
  EXPECT_EQ(count("t"), 1);
  EXPECT_TRUE(succeeds(migrate(*database, {kFirst, kSecond, kThird})));
  EXPECT_EQ(count("t"), 2);
  EXPECT_EQ(count("u"), 0);
  EXPECT_EQ(count("schema_version"), 3);
}

TEST_P(MigrationsTest, TakesAllStepsOrNone) {
  const auto database = connect();
  EXPECT_TRUE(succeeds(migrate(*database, {kFirst})));
  const Migration broken{{"INSERT INTO t (a) VALUES (3)", "INSERT INTO nowhere VALUES (1)"}};
  EXPECT_TRUE(fails_with(migrate(*database, {kFirst, kSecond, broken}), ErrorCode::internal));
  EXPECT_EQ(count("t"), 1);
  EXPECT_EQ(count("schema_version"), 1);
  EXPECT_TRUE(succeeds(migrate(*database, {kFirst, kSecond})));
  EXPECT_EQ(count("t"), 2);
}

TEST_P(MigrationsTest, RefusesADatabaseThatIsNewer) {
  const auto database = connect();
  EXPECT_TRUE(succeeds(migrate(*database, {kFirst, kSecond})));
  EXPECT_TRUE(fails_with(migrate(*database, {kFirst}), ErrorCode::malformed,
                         "schema version: got 2, want at most 1"));
  EXPECT_EQ(count("t"), 2);
}

TEST_P(MigrationsTest, AStoreRefusesASchemaThatItDoesNotKnow) {
  { const Store store = fresh.open(); }
  fresh.run("INSERT INTO schema_version (version) VALUES (999)");
  EXPECT_TRUE(fails_with(Store::open(fresh.options(), fill_random), ErrorCode::malformed,
                         "schema version: got 999"));
}

TEST_P(MigrationsTest, AStoreThatIsTakenAsItIsIsNotMadeOrChanged) {
  const auto open = [&] { return Store::open_as_it_is(fresh.options()); };
  if (GetParam() == Backend::sqlite) {
    fresh.run("SELECT 1");  // makes the file
  }
  const auto refused = open();
  ASSERT_TRUE(fails_with(refused, ErrorCode::malformed, "schema version: got 0, want"));
  EXPECT_NE(refused.error().hint.find("store migrate"), std::string::npos);
  EXPECT_FALSE(connect()->run("SELECT count(*) FROM schema_version", {}).has_value());
  { const Store store = fresh.open(); }
  EXPECT_TRUE(succeeds(open()));
  EXPECT_GT(count("schema_version"), 0);
  fresh.run("INSERT INTO schema_version (version) VALUES (999)");
  EXPECT_TRUE(fails_with(open(), ErrorCode::malformed, "schema version: got 999, want at most"));
  fresh.run("DELETE FROM schema_version");
  EXPECT_TRUE(fails_with(open(), ErrorCode::malformed, "schema version: got 0, want"));
  EXPECT_EQ(count("schema_version"), 0);
}

TEST_P(MigrationsTest, SeveralMayMigrateAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const auto database = connect();
      EXPECT_TRUE(succeeds(migrate(*database, {kFirst, kSecond})));
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(count("t"), 2);
}

TEST(StoreOpen, RefusesOptionsThatCannotBeMeant) {
  const auto open = [](const StoreOptions& options) { return Store::open(options, fill_random); };
  EXPECT_TRUE(fails_with(open({SqliteFile{""}}), ErrorCode::usage, "path"));
  EXPECT_TRUE(fails_with(open({SqliteFile{std::string("a\0b", 3)}}), ErrorCode::usage, "path"));
  for (const int busy : {-1, 0, 3'600'001}) {
    EXPECT_TRUE(fails_with(open({SqliteFile{"x"}, std::chrono::milliseconds(busy)}),
                           ErrorCode::usage, "busy"));
  }
  EXPECT_TRUE(fails_with(open({Postgres{"host=/nowhere", 0}}), ErrorCode::usage, "connections"));
  EXPECT_TRUE(fails_with(open({Postgres{"host=/nowhere", 1, std::chrono::milliseconds(0)}}),
                         ErrorCode::usage, "statement"));
}

TEST(StoreOpen, TakesEveryPathAsAFile) {
  const testing::TemporaryFolder folder;
  for (const char* name : {":memory:", "file:x?mode=memory", "a b'\"%20.db"}) {
    ASSERT_TRUE(succeeds(Store::open({SqliteFile{folder / name}}, fill_random)));
    EXPECT_TRUE(folder.names().contains(name));
  }
}

TEST(StoreOpen, KeepsTheFilesFromOthers) {
  const FreshDatabase fresh(Backend::sqlite);
  const auto mode_of = [](const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
  };
  Store store = fresh.open();
  ASSERT_TRUE(succeeds(store.append(event_of("kind"))));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(mode_of(fresh.path() + suffix), 0600U) << suffix;
  }
  ASSERT_EQ(::chmod(fresh.path().c_str(), 0644), 0);
  const Store again = fresh.open();
  EXPECT_EQ(mode_of(fresh.path()), 0600U);
}

TEST(StoreOpen, SaysWhatIsNotADatabase) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.put("store.db", std::string(4096, 'x'));
  EXPECT_TRUE(fails_with(Store::open({SqliteFile{path}}, fill_random), ErrorCode::malformed));
  EXPECT_TRUE(fails_with(Store::open({SqliteFile{folder / "no/such/store.db"}}, fill_random),
                         ErrorCode::unwritable));
  EXPECT_TRUE(
      fails_with(Store::open({SqliteFile{folder.path()}}, fill_random), ErrorCode::unwritable));
}

TEST(StoreOpen, SaysWhenNoServerIsThereAndKeepsThePassword) {
  const auto opened =
      Store::open({Postgres{"host=/nowhere user=u password=secret-word"}}, fill_random);
  EXPECT_TRUE(fails_with(opened, ErrorCode::unreachable));
  EXPECT_EQ(opened.error().message.find("secret-word"), std::string::npos);
  const auto odd = Store::open({Postgres{"password='secret-word"}}, fill_random);
  ASSERT_FALSE(odd.has_value());
  EXPECT_EQ(odd.error().message.find("secret-word"), std::string::npos) << odd.error().message;
}

}  // namespace
}  // namespace keystone::server
