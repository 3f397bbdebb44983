// SPDX-License-Identifier: Apache-2.0
#include "attestd/checkpoint.hpp"

#include "attestd/node.hpp"
#include "keystone/base/hex.hpp"
#include "temporary_state.hpp"

namespace keystone::server::attestd {
namespace {

constexpr Instant kNow{std::chrono::seconds(1'767'225'600)};

class CheckpointTest : public ::testing::Test {
 protected:
  [[nodiscard]] JwkSet keys() const {
    JwkSet keys;
    EXPECT_TRUE(keys.add(*parse_jwk(ring_->public_jwk())));
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
  std::shared_ptr<Store> store_ = *open_store(Config::defaults(), state_.open(), true);
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
