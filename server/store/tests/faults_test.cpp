// SPDX-License-Identifier: Apache-2.0
#include "failing_database.hpp"
#include "store_setting.hpp"

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

class FaultsTest : public ::testing::TestWithParam<Backend> {
 protected:
  Store open_failing() {
    return Store::open(
               std::make_shared<FailingSource>(database_source(fresh.options()).value(), faults), 2,
               fill_random)
        .value();
  }
  FreshDatabase fresh{GetParam()};
  std::shared_ptr<Faults> faults = std::make_shared<Faults>();
};
INSTANTIATE_TEST_SUITE_P(Over, FaultsTest, kBothBackends, name_of);

TEST_P(FaultsTest, WhateverCallFailsNothingIsRecordedAndTheNextOneWorks) {
  Store store = open_failing();
  const auto settlement = settlement_of("r", {{nonce_of(1), after(300)}});
  int failed = 0;
  for (bool done = false; !done; ++failed) {
    faults->fail_from = faults->calls + failed;
    const auto settled = settle(store, {settlement});
    faults->fail_from = -1;
    done = settled.has_value();
    if (!done) {
      EXPECT_EQ(settled.error().code, ErrorCode::unreachable);
      EXPECT_FALSE(store.find_result("r").value().has_value());
      EXPECT_EQ(store.audit_head().value().seq, 0U);
    }
  }
  // begin, the state, the nonce, the record, the result, the state, commit.
  EXPECT_EQ(failed - 1, 7);
  EXPECT_TRUE(store.find_result("r").value().has_value());
  EXPECT_EQ(verify_audit(store, {}).value().broken, std::nullopt);
}

TEST_P(FaultsTest, ACommitOfWhichNobodyHeardIsAnErrorAndItsNonceIsSpent) {
  Store store = open_failing();
  const auto settlement = settlement_of("r", {{nonce_of(1), after(300)}});
  faults->after_commit = true;
  faults->fail_from = faults->calls + 6;
  EXPECT_TRUE(fails_with(settle(store, {settlement}), ErrorCode::unreachable));
  faults->fail_from = -1;
  EXPECT_EQ(settle(store, {settlement}), std::vector{Settled::spent_before});
  EXPECT_EQ(store.statistics().settlements, 0U);
}

TEST_P(FaultsTest, EveryCallSaysThatTheDatabaseIsAway) {
  Store store = open_failing();
  faults->fail_from = 0;
  constexpr auto kCode = ErrorCode::unreachable;
  constexpr auto kKind = DocumentKind::device;
  const AuditEvent event = event_of("kind");
  const TokenHash hash(std::array<std::uint8_t, 32>{});
  const Checkpoint checkpoint{AuditHead::start(), kNow, ""};
  EXPECT_TRUE(fails_with(store.secrets(), kCode));
  EXPECT_TRUE(fails_with(settle(store, {settlement_of("r", {})}), kCode));
  EXPECT_TRUE(fails_with(store.find_result("r"), kCode));
  EXPECT_TRUE(fails_with(store.search({}), kCode));
  EXPECT_TRUE(fails_with(store.spend(nonce_of(1), kNow), kCode));
  EXPECT_TRUE(fails_with(StoreReplaySet(store).spend(nonce_of(1), kNow, kNow), kCode));
  EXPECT_TRUE(fails_with(store.close_session("s", kNow, {}, event), kCode));
  EXPECT_TRUE(fails_with(store.is_closed("s"), kCode));
  EXPECT_TRUE(fails_with(store.document(kKind, "d"), kCode));
  EXPECT_TRUE(fails_with(store.document_at(kKind, "d", 1), kCode));
  EXPECT_TRUE(fails_with(store.documents(kKind, "", 1), kCode));
  EXPECT_TRUE(fails_with(store.revision(), kCode));
  EXPECT_TRUE(fails_with(store.put_document(kKind, "d", "", {}, event), kCode));
  EXPECT_TRUE(fails_with(store.remove_document(kKind, "d", {}, event), kCode));
  EXPECT_TRUE(fails_with(store.add_token({"t", hash, "", "", kNow, {}, {}}, event), kCode));
  EXPECT_TRUE(fails_with(store.tokens(), kCode));
  EXPECT_TRUE(fails_with(store.revoke_token("t", kNow, event), kCode));
  EXPECT_TRUE(fails_with(store.find_token(hash), kCode));
  EXPECT_TRUE(fails_with(store.publish_key({"k", "", "", kNow, kNow}), kCode));
  EXPECT_TRUE(fails_with(store.keys(kNow), kCode));
  EXPECT_TRUE(fails_with(store.audit_head(), kCode));
  EXPECT_TRUE(fails_with(store.audit_base(), kCode));
  EXPECT_TRUE(fails_with(store.audit_records(1, 1), kCode));
  EXPECT_TRUE(fails_with(store.append(event), kCode));
  EXPECT_TRUE(fails_with(store.add_checkpoint(checkpoint), kCode));
  EXPECT_TRUE(fails_with(store.checkpoints(), kCode));
  EXPECT_TRUE(fails_with(store.expire(kNow), kCode));
  EXPECT_TRUE(fails_with(store.prune_audit(kNow, checkpoint), kCode));
  EXPECT_TRUE(fails_with(store.prune_results(kNow), kCode));
  EXPECT_TRUE(fails_with(store.ping(), kCode));
  EXPECT_TRUE(fails_with(verify_audit(store, {}), kCode));
  faults->fail_from = -1;
  EXPECT_TRUE(succeeds(store.ping()));
  EXPECT_EQ(store.audit_head().value().seq, 0U);
}

}  // namespace
}  // namespace keystone::server
