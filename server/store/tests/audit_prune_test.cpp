// SPDX-License-Identifier: Apache-2.0
#include "audit_log_setting.hpp"

#include <thread>

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;
using Kind = AuditBreak::Kind;

using AuditPruneTest = AuditLogTest;
INSTANTIATE_TEST_SUITE_P(Over, AuditPruneTest, kBothBackends, name_of);

TEST_P(AuditPruneTest, KeepsCheckpointsOfItsOwnRecordsOnly) {
  append(3);
  EXPECT_TRUE(succeeds(store.add_checkpoint(checkpoint_at(3))));
  EXPECT_TRUE(succeeds(store.add_checkpoint(checkpoint_at(1))));
  Checkpoint again = checkpoint_at(1);
  again.jws = "newer";
  EXPECT_TRUE(succeeds(store.add_checkpoint(again)));
  const auto kept = store.checkpoints().value();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].jws, "newer");
  EXPECT_EQ(kept[1].head, checkpoint_at(3).head);
  Checkpoint wrong = checkpoint_at(2);
  wrong.head.hash = checkpoint_at(1).head.hash;
  EXPECT_TRUE(fails_with(store.add_checkpoint(wrong), ErrorCode::usage, "checkpoint"));
  wrong.head.seq = 4;
  EXPECT_TRUE(fails_with(store.add_checkpoint(wrong), ErrorCode::usage, "checkpoint"));
  wrong = checkpoint_at(2);
  wrong.jws = "\xff";
  EXPECT_TRUE(fails_with(store.add_checkpoint(wrong), ErrorCode::malformed, "jws"));
}

TEST_P(AuditPruneTest, IsPrunedUpToACheckpointAndStaysProvable) {
  append(6);
  const Checkpoint fourth = checkpoint_at(4);
  const Checkpoint sixth = checkpoint_at(6);
  ASSERT_TRUE(succeeds(store.add_checkpoint(fourth)));
  EXPECT_EQ(store.prune_audit(after(3), fourth), 2U);  // those of the times 1 and 2
  EXPECT_EQ(first_kept(), 3U);
  EXPECT_EQ(broken({fourth, sixth}), std::nullopt);
  EXPECT_EQ(store.prune_audit(after(100), fourth), 2U);  // no further than the checkpoint
  EXPECT_EQ(first_kept(), 5U);
  EXPECT_EQ(store.prune_audit(after(100), fourth), 0U);
  EXPECT_EQ(store.audit_base(), fourth.head);
  EXPECT_EQ(broken({fourth, sixth}), std::nullopt);
  database.run("DELETE FROM audit WHERE seq = 5");
  EXPECT_EQ(broken({fourth, sixth}), at(5, Kind::missing));
}

TEST_P(AuditPruneTest, TakesTheCheckpointsOfWhatGoesWithIt) {
  append(6);
  for (const std::uint64_t seq : {1U, 2U, 3U, 5U, 6U}) {
    ASSERT_TRUE(succeeds(store.add_checkpoint(checkpoint_at(seq))));
  }
  const Checkpoint fifth = checkpoint_at(5);
  const auto kept = [&] {
    std::vector<std::uint64_t> numbers;
    const auto checkpoints = store.checkpoints();
    EXPECT_TRUE(succeeds(checkpoints));
    for (const Checkpoint& checkpoint : *checkpoints) {
      numbers.push_back(checkpoint.head.seq);
    }
    return numbers;
  };
  EXPECT_EQ(store.prune_audit(after(0), fifth), 0U);
  EXPECT_EQ(kept(), (std::vector<std::uint64_t>{1, 2, 3, 5, 6}));
  EXPECT_EQ(store.prune_audit(after(3), fifth), 2U);
  EXPECT_EQ(kept(), (std::vector<std::uint64_t>{2, 3, 5, 6}));  // that of the base stays
  EXPECT_EQ(broken(store.checkpoints().value()), std::nullopt);
  EXPECT_EQ(store.prune_audit(after(100), fifth), 3U);
  EXPECT_EQ(kept(), (std::vector<std::uint64_t>{5, 6}));
  EXPECT_EQ(broken(store.checkpoints().value()), std::nullopt);
  EXPECT_EQ(store.prune_audit(after(100), fifth), 0U);
  EXPECT_EQ(kept(), (std::vector<std::uint64_t>{5, 6}));
}

TEST_P(AuditPruneTest, StopsPruningAtTheFirstRecordThatIsYoungEnough) {
  for (const int time : {1, 9, 2, 3}) {
    ASSERT_TRUE(succeeds(store.append({after(time), "kind", "", ""})));
  }
  const Checkpoint last = checkpoint_at(4);
  ASSERT_TRUE(succeeds(store.add_checkpoint(last)));
  EXPECT_EQ(store.prune_audit(after(5), last), 1U);
  EXPECT_EQ(store.prune_audit(after(5), last), 0U);
  EXPECT_EQ(first_kept(), 2U);
}

TEST_P(AuditPruneTest, IsPrunedInStepsThatAreBounded) {
  std::vector<Settlement> many;
  for (std::size_t i = 0; i < Store::kStep + 200; ++i) {
    many.push_back(settlement_of(std::to_string(i), {}));
  }
  ASSERT_TRUE(succeeds(settle(store, many)));
  const Checkpoint last = checkpoint_at(Store::kStep + 200);
  ASSERT_TRUE(succeeds(store.add_checkpoint(last)));
  EXPECT_EQ(store.prune_audit(after(1), last), Store::kStep);
  EXPECT_EQ(broken({last}), std::nullopt);
  EXPECT_EQ(store.prune_audit(after(1), last), 200U);
  EXPECT_EQ(store.prune_audit(after(1), last), 0U);
  EXPECT_EQ(broken({last}), std::nullopt);
  ASSERT_TRUE(succeeds(store.append(event_of("next"))));
  EXPECT_EQ(first_kept(), Store::kStep + 201);
  EXPECT_EQ(broken({last}), std::nullopt);
}

TEST_P(AuditPruneTest, IsNotPrunedByACheckpointThatIsNotItsOwn) {
  append(3);
  EXPECT_TRUE(
      fails_with(store.prune_audit(after(100), checkpoint_at(3)), ErrorCode::usage, "checkpoint"));
  ASSERT_TRUE(succeeds(store.add_checkpoint(checkpoint_at(3))));
  Checkpoint wrong = checkpoint_at(3);
  wrong.head.hash = checkpoint_at(2).head.hash;
  EXPECT_TRUE(fails_with(store.prune_audit(after(100), wrong), ErrorCode::usage, "checkpoint"));
  EXPECT_EQ(first_kept(), 1U);
}

TEST_P(AuditPruneTest, HoldsWhileOthersAppendAndPrune) {
  append(50);
  std::thread others([&] {
    for (int i = 0; i < 20; ++i) {
      append(5);
      const Checkpoint checkpoint = checkpoint_at(store.audit_head().value().seq - 3);
      EXPECT_TRUE(succeeds(store.add_checkpoint(checkpoint)));
      EXPECT_TRUE(succeeds(store.prune_audit(after(1000), checkpoint)));
    }
  });
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(broken(), std::nullopt);
  }
  others.join();
  EXPECT_EQ(broken(store.checkpoints().value()), std::nullopt);
}

}  // namespace
}  // namespace keystone::server
