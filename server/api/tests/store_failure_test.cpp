// SPDX-License-Identifier: Apache-2.0
// What the server says while its store fails: never that something is accepted.
#include "keystone/crypto/random.hpp"
#include "keystone/testing/fails_with.hpp"
#include "site.hpp"
#include "store/database.hpp"

namespace keystone::testing {
namespace {

using server::Database;
using server::DatabaseSource;
using server::Role;
using server::Rows;
using server::Value;

constexpr const char* kSecretPath = "/secret/path";

// What fails at present.
enum class Fault : int {
  none,
  away,          // whatever is asked
  commit,        // what was written is not there
  after_commit,  // it is there, but nobody hears of that
};

class FailingDatabase final : public Database {
 public:
  FailingDatabase(std::unique_ptr<Database> real, const std::atomic<Fault>& fault)
      : real_(std::move(real)), fault_(fault) {}

  [[nodiscard]] Dialect dialect() const override { return real_->dialect(); }
  [[nodiscard]] Status begin(Purpose purpose) override {
    return fault_ == Fault::away ? broken() : real_->begin(purpose);
  }
  [[nodiscard]] Status commit() override {
    if (fault_ == Fault::commit) {
      real_->roll_back();
      return broken();
    }
    auto committed = real_->commit();
    return fault_ == Fault::after_commit ? broken() : committed;
  }
  void roll_back() override { real_->roll_back(); }
  [[nodiscard]] Result<Rows> run(const std::string& sql,
                                 std::span<const Value> parameters) override {
    if (fault_ == Fault::away) {
      return fail(ErrorCode::unreachable, kSecretPath);
    }
    return real_->run(sql, parameters);
  }

 private:
  static Status broken() { return fail(ErrorCode::unreachable, kSecretPath); }

  std::unique_ptr<Database> real_;
  const std::atomic<Fault>& fault_;
};

class FailingSource final : public DatabaseSource {
 public:
  explicit FailingSource(std::shared_ptr<DatabaseSource> real) : real_(std::move(real)) {}
  [[nodiscard]] Result<std::unique_ptr<Database>> connect() override {
    KEYSTONE_TRY(auto database, real_->connect());
    return std::unique_ptr<Database>(std::make_unique<FailingDatabase>(std::move(database), fault));
  }

  std::atomic<Fault> fault = Fault::none;

 private:
  std::shared_ptr<DatabaseSource> real_;
};

class StoreFailure : public ::testing::Test {
 protected:
  StoreFailure() { site.put_policy(); }

  std::shared_ptr<server::Store> open() {
    return std::make_shared<server::Store>(server::Store::open(source, 2, fill_random).value());
  }
  Reply verify(const Report& report, ByteView nonce) {
    return site.ask_as(
        Role::verifier, "POST", "/v1/verify",
        {verification(report, nonce).dump(), {{"Content-Type", "application/json"}}});
  }

  TemporaryFolder folder;
  std::shared_ptr<FailingSource> source = std::make_shared<FailingSource>(
      server::database_source({server::SqliteFile{folder / "store.db"}}).value());
  Site site{server::ServiceOptions{.anonymous_attesters = true}, open()};
};

// Whether it is the answer to be given while the store is away, which says nothing of why.
::testing::AssertionResult is_unavailable(const Reply& reply) {
  if (reply.status != 503 || reply.header("Retry-After").empty() ||
      reply.body.find(kSecretPath) != std::string::npos) {
    return ::testing::AssertionFailure() << reply.status << " " << reply.body;
  }
  return ::testing::AssertionSuccess();
}

TEST_F(StoreFailure, MakesNoAcceptanceAndUsesNothingUp) {
  const auto path = site.open();
  const auto report = site.attester.report(nonce_in(site.ask("GET", path)));
  for (const Fault fault : {Fault::away, Fault::commit}) {
    source->fault = fault;
    EXPECT_TRUE(is_unavailable(site.answer(path, report))) << static_cast<int>(fault);
  }
  source->fault = Fault::none;
  EXPECT_EQ(site.recorded(true), 0U);
  EXPECT_TRUE(site.ear_in(site.answer(path, report)).accepted());
}

TEST_F(StoreFailure, AfterTheWriteLeavesAResultThatCanBeFetched) {
  const auto path = site.open();
  const auto report = site.attester.report(nonce_in(site.ask("GET", path)));
  ASSERT_EQ(site.ask("POST", "/challenge-response/v1/newSession").status, 201U);
  source->fault = Fault::after_commit;
  EXPECT_TRUE(is_unavailable(site.answer(path, report)));
  source->fault = Fault::none;
  EXPECT_LE(site.recorded(true), 1U);
  const auto again = site.answer(path, report);
  EXPECT_TRUE(again.status == 409 || site.ear_in(again).accepted());
  EXPECT_TRUE(site.ear_in(site.ask("GET", path)).accepted());
  EXPECT_EQ(site.recorded(true), 1U);
}

TEST_F(StoreFailure, IsSaidByEveryRouteThatNeedsTheStore) {
  const auto path = site.open();
  (void)site.token_of(Role::admin);
  source->fault = Fault::away;
  EXPECT_TRUE(is_unavailable(site.ask("POST", "/challenge-response/v1/newSession")));
  EXPECT_TRUE(is_unavailable(site.ask("GET", path)));
  EXPECT_TRUE(is_unavailable(site.ask("DELETE", path)));
  EXPECT_TRUE(is_unavailable(site.ask("GET", "/jwks.json")));
  EXPECT_TRUE(is_unavailable(site.ask("GET", "/readyz")));
  EXPECT_TRUE(is_unavailable(site.ask_as(Role::admin, "GET", "/v1/results")));
  EXPECT_EQ(site.ask("GET", "/healthz").status, 200U);
  source->fault = Fault::none;  // which /readyz may learn a second later
  EXPECT_EQ(site.ask("POST", "/challenge-response/v1/newSession").status, 201U);
  EXPECT_EQ(site.ask_as(Role::admin, "GET", "/v1/results").status, 200U);
}

TEST_F(StoreFailure, IsToldToTheLog) {
  source->fault = Fault::away;
  (void)site.ask("GET", "/readyz");
  EXPECT_NE(site.observer->all.back().cause.find(kSecretPath), std::string::npos);
}

TEST_F(StoreFailure, MakesNoAcceptanceOfAVerification) {
  const auto nonce = bytes_for<32>("nonce");
  const auto report = site.attester.report(nonce);
  (void)site.token_of(Role::verifier);
  source->fault = Fault::commit;
  EXPECT_TRUE(is_unavailable(verify(report, nonce)));
  source->fault = Fault::none;
  EXPECT_EQ(verify(report, nonce).json().at("accepted"), true);
}

TEST_F(StoreFailure, IsAProblemForEachLineOfABatchThatItMeets) {
  std::string body;
  for (int i = 0; i < 100; ++i) {
    const auto nonce = bytes_for<32>("nonce " + std::to_string(i));
    body += verification(site.attester.report(nonce), nonce).dump() + "\n";
  }
  const auto response = site.begin_batch(body);
  std::string answers;
  ASSERT_TRUE(response.stream(answers).value());
  source->fault = Fault::commit;
  std::string rest;
  ASSERT_FALSE(response.stream(rest).value());
  EXPECT_EQ(answers.find("\"status\":503"), std::string::npos);
  EXPECT_EQ(rest.find("\"accepted\":true"), std::string::npos);
  EXPECT_NE(rest.find("\"status\":503"), std::string::npos);
  EXPECT_EQ(rest.find(kSecretPath), std::string::npos);
  source->fault = Fault::none;
  EXPECT_EQ(site.recorded(true),
            static_cast<std::size_t>(std::count(answers.begin(), answers.end(), '\n')));
}

}  // namespace
}  // namespace keystone::testing
