// SPDX-License-Identifier: Apache-2.0
#include "attestd/checkpoint.hpp"

#include "attestd/node.hpp"
#include "keystone/base/hex.hpp"
#include "temporary_state.hpp"

#include <set>

namespace keystone::server::attestd {
namespace {

using std::chrono::seconds;

constexpr Instant kNow{seconds(1'767'225'600)};

class CheckpointTest : public ::testing::Test {
 protected:
  [[nodiscard]] CheckpointKeys keys() const {
    CheckpointKeys keys;
    EXPECT_TRUE(keys.add(parse_jwk(ring_->public_jwk())->key));
    return keys;
  }

  void expect_refused(const std::string& jws) const {
    const auto read = read_checkpoint(jws, keys());
    ASSERT_FALSE(read) << jws;
    EXPECT_EQ(read.error().code, ErrorCode::malformed) << jws;
  }

  TemporaryState state_;
  std::shared_ptr<KeyRing> ring_ =
      *KeyRing::open(*KeyFolder::open(state_.open(), true), [] { return kNow; });
  std::shared_ptr<Store> store_ = *open_store(Config::defaults(), state_.open(), StoreUser::daemon);
};

TEST_F(CheckpointTest, SaysWhereTheLogEndsAndIsStored) {
  const auto head = store_->append({kNow, "test", "nobody", "{}"});
  ASSERT_TRUE(head);
  const auto made = make_checkpoint(*store_, kNow, *ring_);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->head, *head);
  const auto read = read_checkpoint(made->jws + "\n", keys());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->head, *head);
  EXPECT_EQ(read->time, kNow);
  const auto stored = store_->checkpoints();
  ASSERT_EQ(stored->size(), 1U);
  EXPECT_EQ(stored->front().jws, made->jws);
}

TEST_F(CheckpointTest, IsSignedAnewWhateverTheStoreHasForTheSameRecord) {
  const auto head = store_->append({kNow, "test", "nobody", "{}"});
  ASSERT_TRUE(store_->add_checkpoint({*head, kNow, "worthless"}));
  const auto made = make_checkpoint(*store_, kNow, *ring_);
  ASSERT_TRUE(made);
  EXPECT_TRUE(read_checkpoint(made->jws, keys()));
  const auto stored = store_->checkpoints();
  ASSERT_EQ(stored->size(), 1U);
  EXPECT_EQ(stored->front().jws, made->jws);
}

TEST_F(CheckpointTest, OfAnEmptyLogIsSignedButNotStored) {
  const auto made = make_checkpoint(*store_, kNow, *ring_);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->head.seq, 0U);
  EXPECT_TRUE(store_->checkpoints()->empty());
}

TEST_F(CheckpointTest, IsRefusedUnlessAKnownKeySignedIt) {
  const TemporaryState other;
  const auto stranger = *KeyRing::open(*KeyFolder::open(other.open(), true), [] { return kNow; });
  const auto signed_by_stranger = sign_checkpoint(AuditHead::start(), kNow, *stranger);
  ASSERT_TRUE(signed_by_stranger);
  expect_refused(signed_by_stranger->jws);
  auto jws = sign_checkpoint(AuditHead::start(), kNow, *ring_)->jws;
  jws[jws.size() / 2] = jws[jws.size() / 2] == 'A' ? 'B' : 'A';
  expect_refused(jws);
  expect_refused("");
  expect_refused("not.a.token");
}

TEST_F(CheckpointTest, IsReadHoweverManyKeysThereWereBeforeAndAfter) {
  constexpr int kRotations = 100;
  Instant now = kNow;
  const KeyOptions options{seconds(10), seconds(1), seconds(1)};
  const auto ring = *KeyRing::open(*KeyFolder::open(state_.open(), true), [&now] { return now; });
  std::vector<std::string> jws;
  for (int i = 0; i < kRotations; ++i) {
    jws.push_back(sign_checkpoint(AuditHead::start(), now, *ring)->jws);
    now += seconds(9);
    ASSERT_TRUE(ring->refresh(options, seconds(1)));
    now += seconds(1);
  }
  const auto all = checkpoint_keys(*KeyFolder::open(state_.open(), false), *store_);
  ASSERT_TRUE(all) << all.error().message;
  std::set<std::string> names;
  for (const std::string& each : jws) {
    EXPECT_TRUE(is_signed_by_known(each, *all));
    EXPECT_TRUE(read_checkpoint(each, *all));
    names.insert(each.substr(0, each.find('.')));
  }
  EXPECT_GE(names.size(), std::size_t{kRotations});
  const TemporaryState other;
  const auto stranger = *KeyRing::open(*KeyFolder::open(other.open(), true), [] { return kNow; });
  const auto strange = sign_checkpoint(AuditHead::start(), kNow, *stranger);
  EXPECT_FALSE(is_signed_by_known(strange->jws, *all));
  EXPECT_FALSE(read_checkpoint(strange->jws, *all));
}

TEST_F(CheckpointTest, IsReadWithAKeyThatOnlyTheStoreHas) {
  const TemporaryState other;
  const auto node = *KeyRing::open(*KeyFolder::open(other.open(), true), [] { return kNow; });
  const auto made = sign_checkpoint(AuditHead::start(), kNow, *node);
  const auto folder = KeyFolder::open(state_.open(), false);
  EXPECT_FALSE(read_checkpoint(made->jws, *checkpoint_keys(*folder, *store_)));
  ASSERT_TRUE(
      store_->publish_key({node->current(), node->public_jwk(), "other", kNow, kNow + seconds(1)}));
  EXPECT_TRUE(read_checkpoint(made->jws, *checkpoint_keys(*folder, *store_)));
}

TEST_F(CheckpointTest, IsRefusedWhereTheRingSignedSomethingElse) {
  const std::string hash(128, '0');
  const std::string kGood = R"({"schema":"keystone.audit-checkpoint/1","seq":1,"hash":")" + hash +
                            R"(","iat":1767225600})";
  ASSERT_TRUE(read_checkpoint(*ring_->sign(kGood), keys()));
  for (const std::string& payload :
       {std::string("{}"), R"({"eat_profile":"x","iat":1767225600})" + std::string(),
        R"({"schema":"keystone.audit-checkpoint/1","seq":1,"iat":1767225600})" + std::string(),
        R"({"schema":"keystone.audit-checkpoint/1","seq":-1,"hash":")" + hash +
            R"(","iat":1767225600})",
        R"({"schema":"keystone.audit-checkpoint/1","seq":1,"hash":")" + hash.substr(1) +
            R"(","iat":1767225600})",
        R"({"schema":"keystone.audit-checkpoint/1","seq":1,"more":1,"hash":")" + hash +
            R"(","iat":1767225600})"}) {
    const auto jws = ring_->sign(payload);
    ASSERT_TRUE(jws) << payload;
    expect_refused(*jws);
  }
}

}  // namespace
}  // namespace keystone::server::attestd
