// SPDX-License-Identifier: Apache-2.0
#include "audit_log_setting.hpp"

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;
using Kind = AuditBreak::Kind;

INSTANTIATE_TEST_SUITE_P(Over, AuditLogTest, kBothBackends, name_of);

TEST_P(AuditLogTest, HoldsWhatWasAppended) {
  EXPECT_EQ(store.audit_head(), AuditHead::start());
  EXPECT_EQ(store.audit_base(), AuditHead::start());
  const AuditHead head = store.append({after(7), "kind", "gr\xc3\xbc\xc3\x9f", "{}"}).value();
  EXPECT_EQ(head.seq, 1U);
  EXPECT_EQ(store.audit_head(), head);
  const auto records = store.audit_records(1, 1).value();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].hash, head.hash);
  EXPECT_EQ(records[0].event.time, after(7));
  EXPECT_EQ(records[0].event.actor, "gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(broken(), std::nullopt);
}

TEST_P(AuditLogTest, IsReadInPieces) {
  append(5);
  EXPECT_EQ(store.audit_records(0, 1000).value().size(), 5U);
  EXPECT_EQ(store.audit_records(3, 2).value().front().seq, 3U);
  EXPECT_EQ(store.audit_records(3, 2).value().size(), 2U);
  EXPECT_TRUE(store.audit_records(6, 1).value().empty());
  EXPECT_TRUE(store.audit_records(UINT64_MAX, 1).value().empty());
  EXPECT_TRUE(fails_with(store.audit_records(1, 0), ErrorCode::usage, "limit"));
  EXPECT_TRUE(fails_with(store.audit_records(1, 1001), ErrorCode::usage, "limit"));
}

TEST_P(AuditLogTest, RefusesTextsThatABackendMightChange) {
  EXPECT_TRUE(fails_with(store.append({kNow, "\xff", "", ""}), ErrorCode::malformed, "kind"));
  EXPECT_TRUE(fails_with(store.append({kNow, "", "\xff", ""}), ErrorCode::malformed, "actor"));
}

TEST_P(AuditLogTest, IsOneChainOverTwoNodes) {
  Store other = database.open();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(succeeds(store.append(event_of("here"))));
    ASSERT_TRUE(succeeds(other.append(event_of("there"))));
  }
  EXPECT_EQ(store.audit_head().value().seq, 10U);
  EXPECT_EQ(broken(), std::nullopt);
}

TEST_P(AuditLogTest, IsVerifiedThroughManyPieces) {
  append(3);
  std::vector<Settlement> many;
  for (int i = 0; i < 1200; ++i) {
    many.push_back(settlement_of(std::to_string(i), {}));
  }
  ASSERT_TRUE(succeeds(settle(store, many)));
  EXPECT_EQ(verify_audit(store, {}).value().head.seq, 1203U);
  database.run("UPDATE audit SET actor = 'x' WHERE seq = 1100");
  EXPECT_EQ(broken(), at(1100, Kind::wrong_hash));
}

TEST_P(AuditLogTest, SaysWhichRecordWasTamperedWith) {
  append(5);
  for (const char* change : {"time = time + 1", "kind = 'x'", "actor = ''", "body = body || ' '"}) {
    const FreshDatabase fresh(GetParam());
    Store fresh_store = fresh.open();
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(succeeds(fresh_store.append(event_of("kind"))));
    }
    fresh.run(std::string("UPDATE audit SET ") + change + " WHERE seq = 3");
    EXPECT_EQ(verify_audit(fresh_store, {}).value().broken, at(3, Kind::wrong_hash)) << change;
  }
}

TEST_P(AuditLogTest, SaysWhichRecordIsMissing) {
  append(5);
  database.run("DELETE FROM audit WHERE seq = 4");
  EXPECT_EQ(broken(), at(4, Kind::missing));
  database.run("DELETE FROM audit WHERE seq = 1");
  EXPECT_EQ(broken(), at(1, Kind::missing));
}

TEST_P(AuditLogTest, SaysWhichRecordsChangedPlaces) {
  append(5);
  database.run("UPDATE audit SET seq = 99 WHERE seq = 2");
  database.run("UPDATE audit SET seq = 2 WHERE seq = 3");
  database.run("UPDATE audit SET seq = 3 WHERE seq = 99");
  EXPECT_EQ(broken(), at(2, Kind::wrong_hash));
}

TEST_P(AuditLogTest, SaysWhichRecordIsBehindTheEnd) {
  append(3);
  const AuditRecord forged =
      next_record(store.audit_head().value(), {Instant(), "", "", ""}).value();
  database.run(
      "INSERT INTO audit (seq, time, kind, actor, body, hash) VALUES (4, 0, '', '', '', $1)",
      {Blob(forged.hash.bytes().begin(), forged.hash.bytes().end())});
  EXPECT_EQ(broken(), at(4, Kind::out_of_order));
}

TEST_P(AuditLogTest, SaysWhereATailWasCut) {
  append(5);
  const Checkpoint checkpoint = checkpoint_at(5);
  const AuditHead third = checkpoint_at(3).head;
  database.run("DELETE FROM audit WHERE seq > 3");
  EXPECT_EQ(broken(), at(4, Kind::missing));
  // Also when the store's own word of its end was changed with it.
  database.run("UPDATE store_state SET seq = 3, hash = $1",
               {Blob(third.hash.bytes().begin(), third.hash.bytes().end())});
  EXPECT_EQ(broken(), std::nullopt);
  EXPECT_EQ(broken({checkpoint}), at(4, Kind::missing));
}

TEST_P(AuditLogTest, SaysWhereATailWasRewritten) {
  append(5);
  const Checkpoint fourth = checkpoint_at(4);
  const AuditHead second = checkpoint_at(2).head;
  database.run("DELETE FROM audit WHERE seq > 2");
  database.run("UPDATE store_state SET seq = 2, hash = $1",
               {Blob(second.hash.bytes().begin(), second.hash.bytes().end())});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(succeeds(store.append(event_of("forged"))));
  }
  EXPECT_EQ(broken(), std::nullopt);
  EXPECT_EQ(broken({fourth}), at(4, Kind::rewritten));
}

TEST_P(AuditLogTest, NamesARecordThatCannotBeRead) {
  append(3);
  database.run("UPDATE audit SET hash = $1 WHERE seq = 2", {Blob(63)});
  EXPECT_TRUE(fails_with(verify_audit(store, {}), ErrorCode::malformed,
                         {"audit record 2", "63 bytes, want 64"}));
}

TEST_P(AuditLogTest, DoesNotGoOnWithoutItsState) {
  append(1);
  database.run("DELETE FROM store_state");
  EXPECT_TRUE(fails_with(store.append(event_of("kind")), ErrorCode::malformed, "state"));
  EXPECT_TRUE(fails_with(store.audit_head(), ErrorCode::malformed, "state"));
  EXPECT_TRUE(fails_with(store.revision(), ErrorCode::malformed, "state"));
}

}  // namespace
}  // namespace keystone::server
