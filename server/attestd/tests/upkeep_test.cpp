// SPDX-License-Identifier: Apache-2.0
#include "attestd/upkeep.hpp"

#include "attestd/node.hpp"
#include "keystone/crypto/random.hpp"
#include "store/tests/failing_database.hpp"
#include "temporary_state.hpp"

#include <set>

namespace keystone::server::attestd {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// Over a database that can be told to fail, and a clock that stands still.
class UpkeepTest : public ::testing::Test {
 protected:
  UpkeepTest() {
    options_.node = "a";
    options_.keys = {hours(1000), seconds(0), seconds(400)};
    options_.upkeep.checkpoint_every = seconds(1);
    options_.result_lifetime = seconds(300);
  }

  Upkeep upkeep() {
    return Upkeep(
        store_, ring_, [this] { return now_; }, log_, options_);
  }

  [[nodiscard]] std::set<std::string> published() const {
    std::set<std::string> kids;
    const auto keys = store_->keys(now_);
    EXPECT_TRUE(keys);
    for (const PublicKeyRecord& key : *keys) {
      kids.insert(key.kid);
    }
    return kids;
  }

  void add_result(const std::string& id) {
    const NewResult result{id, now_, true, "d", "5", "e", "default", 1, "ear", "{}", {1}};
    const Settlement settlement{{}, result, {now_, "verdict", "x", "{}"}};
    const Settlement* const place = &settlement;
    ASSERT_TRUE(store_->settle({&place, 1}));
  }

  [[nodiscard]] AuditVerdict verified() const {
    const auto checkpoints = store_->checkpoints();
    EXPECT_TRUE(checkpoints);
    return *verify_audit(*store_, *checkpoints);
  }

  [[nodiscard]] std::uint64_t pruned() const { return store_->audit_base()->seq; }

  TemporaryState state_;
  Instant now_{seconds(1'767'225'600)};
  std::shared_ptr<Faults> faults_ = std::make_shared<Faults>();
  std::shared_ptr<Store> store_ = std::make_shared<Store>(
      *Store::open(std::make_shared<FailingSource>(
                       *database_source({SqliteFile{state_.path_of("store.sqlite3")}}), faults_),
                   1, fill_random));
  std::shared_ptr<KeyRing> ring_ =
      *KeyRing::open(*KeyFolder::open(state_.open(), true), [this] { return now_; });
  Log log_{LogFormat::text, LogLevel::error};
  Upkeep::Options options_;
};

TEST_F(UpkeepTest, PublishesKeysThatChangedUntilTheStoreHasThem) {
  Upkeep upkeep = this->upkeep();
  upkeep.run_once();
  const std::set<std::string> first{ring_->current()};
  ASSERT_EQ(published(), first);
  const auto command =
      *KeyRing::open(*KeyFolder::open(state_.open(), false), [this] { return now_; });
  ASSERT_TRUE(command->rotate(seconds(0)));
  faults_->fail_from = 0;
  upkeep.run_once();
  ASSERT_EQ(ring_->terms().size(), 2U);  // it is known by now, and no news the next time
  faults_->fail_from = -1;
  EXPECT_EQ(published(), first);
  upkeep.run_once();
  EXPECT_EQ(published().size(), 2U);
}

TEST_F(UpkeepTest, PublishesKeysAgainBeforeTheyRunOut) {
  Upkeep upkeep = this->upkeep();
  for (int i = 0; i < 20; ++i) {
    upkeep.run_once();
    EXPECT_EQ(published().size(), 1U) << i;
    now_ += options_.keys.overlap / 4;
  }
  now_ += options_.keys.overlap + options_.result_lifetime;
  EXPECT_TRUE(published().empty());  // of a node that is gone
}

TEST_F(UpkeepTest, KeepsAllUnlessItIsToldOtherwise) {
  Upkeep upkeep = this->upkeep();
  add_result("1");
  now_ += hours(24 * 365);
  upkeep.run_once();
  EXPECT_EQ(pruned(), 0U);
  EXPECT_TRUE(store_->find_result("1")->has_value());
}

TEST_F(UpkeepTest, RemovesWhatIsOldAndWhatIsLeftStaysProvable) {
  options_.upkeep.keep_results = hours(1);
  options_.upkeep.keep_audit = hours(2);
  Upkeep upkeep = this->upkeep();
  for (const char* const id : {"1", "2", "3"}) {
    add_result(id);
    upkeep.run_once();
    now_ += seconds(3600);
  }
  // Now the first is three hours old, the last one hour.
  EXPECT_EQ(pruned(), 0U);
  now_ += seconds(1);
  upkeep.run_once();
  EXPECT_EQ(pruned(), 2U);
  EXPECT_FALSE(store_->find_result("3")->has_value());
  EXPECT_EQ(store_->checkpoints()->front().head, *store_->audit_base());
  EXPECT_EQ(verified().broken, std::nullopt);
  EXPECT_EQ(verified().head.seq, 3U);
}

TEST_F(UpkeepTest, RemovesNoAuditRecordBehindTheLastCheckpoint) {
  options_.upkeep.keep_audit = hours(1);
  options_.upkeep.checkpoint_every = hours(1000);
  Upkeep upkeep = this->upkeep();
  add_result("1");
  upkeep.run_once();
  add_result("2");
  now_ += hours(10);
  upkeep.run_once();
  EXPECT_EQ(pruned(), 1U);
  EXPECT_EQ(verified().broken, std::nullopt);
}

TEST_F(UpkeepTest, GoesOnWithTheNextStepWhereOneFails) {
  options_.upkeep.keep_results = hours(1);
  Upkeep upkeep = this->upkeep();
  upkeep.run_once();
  add_result("1");
  now_ += hours(2);
  std::filesystem::rename(state_.path_of("keys"), state_.path_of("moved"));
  upkeep.run_once();
  std::filesystem::rename(state_.path_of("moved"), state_.path_of("keys"));
  EXPECT_FALSE(store_->find_result("1")->has_value());
}

}  // namespace
}  // namespace keystone::server::attestd
