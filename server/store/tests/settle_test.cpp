// SPDX-License-Identifier: Apache-2.0
#include "store_setting.hpp"

#include <thread>

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

using SettleTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Over, SettleTest, kBothBackends, name_of);

Spend spend_of(std::uint64_t number) {
  return Spend{nonce_of(number), after(300)};
}

TEST_P(SettleTest, RecordsAVerdictWithItsNonceAndItsAuditRecord) {
  const auto settlement = settlement_of("r1", {spend_of(1)});
  EXPECT_EQ(settle(store, {settlement}), std::vector{Settled::recorded});
  const auto found = store.find_result("r1");
  ASSERT_TRUE(succeeds(found));
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->number, 1U);
  const NewResult& result = (*found)->result;
  EXPECT_EQ(result.id, "r1");
  EXPECT_EQ(result.time, kNow);
  EXPECT_TRUE(result.accepted);
  EXPECT_EQ(result.device + result.sm + result.enclave + result.policy, "d15ae1default");
  EXPECT_EQ(result.policy_revision, 1U);
  EXPECT_EQ(result.ear + result.verdict, "ear{}");
  EXPECT_EQ(result.report, (std::vector<std::uint8_t>{1, 2, 3}));
  const auto records = store.audit_records(1, 10).value();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].event.body, settlement.event.body);
}

TEST_P(SettleTest, RecordsNothingForANonceThatWasSpentBefore) {
  EXPECT_EQ(settle(store, {settlement_of("r1", {spend_of(1)})}), std::vector{Settled::recorded});
  EXPECT_EQ(settle(store, {settlement_of("r2", {spend_of(1)})}),
            std::vector{Settled::spent_before});
  EXPECT_EQ(store.find_result("r2").value().has_value(), false);
  EXPECT_EQ(store.audit_head().value().seq, 1U);
}

TEST_P(SettleTest, SeesTheNoncesOfTheSameCall) {
  const auto settled =
      settle(store, {settlement_of("r1", {spend_of(1)}), settlement_of("r2", {spend_of(1)}),
                     settlement_of("r3", {spend_of(2)})});
  EXPECT_EQ(settled, (std::vector{Settled::recorded, Settled::spent_before, Settled::recorded}));
  EXPECT_EQ(store.audit_head().value().seq, 2U);
}

TEST_P(SettleTest, RecordsNothingThatIsByOlderDocuments) {
  Store other = database.open();
  ASSERT_TRUE(succeeds(store.put_document(DocumentKind::policy, "p", "1", {}, event_of("put"))));
  auto settlement = settlement_of("r1", {spend_of(1)});
  settlement.revision = store.last_revision();
  ASSERT_EQ(settlement.revision, 1U);
  ASSERT_TRUE(succeeds(other.put_document(DocumentKind::policy, "p", "2", {}, event_of("put"))));
  EXPECT_EQ(settle(store, {settlement}), std::vector{Settled::outdated});
  EXPECT_EQ(store.find_result("r1").value().has_value(), false);
  EXPECT_EQ(store.audit_head().value().seq, 2U);
  // Nor is its nonce spent; and the store knows better from then on.
  settlement.revision = store.last_revision();
  EXPECT_EQ(settlement.revision, 2U);
  EXPECT_EQ(settle(store, {settlement}), std::vector{Settled::recorded});
}

TEST_P(SettleTest, TakesNothingForNewerThanTheDocumentsAre) {
  auto settlement = settlement_of("r1", {spend_of(1)});
  settlement.revision = 1;
  EXPECT_EQ(settle(store, {settlement}), std::vector{Settled::outdated});
  EXPECT_EQ(store.last_revision(), 0U);
}

TEST_P(SettleTest, SpendsAllNoncesOrNone) {
  EXPECT_TRUE(store.spend(nonce_of(2), after(300)).value());
  EXPECT_EQ(settle(store, {settlement_of("r1", {spend_of(1), spend_of(2)})}),
            std::vector{Settled::spent_before});
  EXPECT_EQ(settle(store, {settlement_of("r2", {spend_of(3), spend_of(3)})}),
            std::vector{Settled::spent_before});
  // Neither 1 nor 3 was spent by these.
  EXPECT_EQ(settle(store, {settlement_of("r3", {spend_of(1), spend_of(3)})}),
            std::vector{Settled::recorded});
}

TEST_P(SettleTest, NeedsNoNonce) {
  EXPECT_EQ(settle(store, {settlement_of("r1", {}), settlement_of("r2", {})}),
            (std::vector{Settled::recorded, Settled::recorded}));
  EXPECT_EQ(settle(store, {}), std::vector<Settled>{});
}

TEST_P(SettleTest, TellsNoncesOfWhichOneBeginsTheOtherApart) {
  const std::vector<std::uint8_t> bytes(64);
  for (const std::size_t size : {8U, 32U, 63U, 64U}) {
    const Nonce nonce = Nonce::from(ByteView(bytes).first(size)).value();
    EXPECT_TRUE(store.spend(nonce, after(300)).value());
    EXPECT_FALSE(store.spend(nonce, after(300)).value());
  }
}

TEST_P(SettleTest, KeepsWhatItHasWhenItIsOpenedAgain) {
  EXPECT_EQ(settle(store, {settlement_of("r1", {spend_of(1)})}), std::vector{Settled::recorded});
  Store second = database.open();
  EXPECT_EQ(settle(second, {settlement_of("r2", {spend_of(1)})}),
            std::vector{Settled::spent_before});
  EXPECT_TRUE(second.find_result("r1").value().has_value());
}

TEST_P(SettleTest, RefusesTextsThatABackendMightChange) {
  using namespace std::string_literals;
  for (const std::string& text : {"\xff"s, "a\0b"s, "\xed\xa0\x80"s}) {
    auto settlement = settlement_of("r1", {spend_of(1)});
    settlement.result.ear = text;
    EXPECT_TRUE(fails_with(settle(store, {settlement}), ErrorCode::malformed, "result ear"));
    settlement = settlement_of("r1", {spend_of(1)});
    settlement.event.body = text;
    EXPECT_TRUE(fails_with(settle(store, {settlement}), ErrorCode::malformed, "event body"));
  }
  EXPECT_TRUE(store.spend(nonce_of(1), after(300)).value());
}

TEST_P(SettleTest, WritesTheOthersOfABatchWhenOneCannotBe) {
  EXPECT_EQ(settle(store, {settlement_of("r1", {})}), std::vector{Settled::recorded});
  EXPECT_TRUE(fails_with(settle(store, {settlement_of("r1", {spend_of(1)})}), ErrorCode::internal));
  constexpr int kThreads = 8;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round) {
        if (i % 2 == 0) {
          EXPECT_TRUE(fails_with(settle(store, {settlement_of("r1", {})}), ErrorCode::internal));
        } else {
          const std::string id = std::to_string(i) + "-" + std::to_string(round);
          EXPECT_EQ(settle(store, {settlement_of(id, {})}), std::vector{Settled::recorded});
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(store.audit_head().value().seq, 1U + kThreads / 2 * 20);
  EXPECT_EQ(verify_audit(store, {}).value().broken, std::nullopt);
}

TEST_P(SettleTest, TakesTextsThatLookLikeSqlAsTheyAre) {
  const std::string text = "x'); DROP TABLE results; --\\\"$1?";
  auto settlement = settlement_of(text, {});
  settlement.result.device = text;
  settlement.event.actor = text;
  EXPECT_EQ(settle(store, {settlement}), std::vector{Settled::recorded});
  EXPECT_EQ(store.find_result(text).value()->result.device, text);
  ResultQuery query;
  query.device = text;
  EXPECT_EQ(store.search(query).value().results.size(), 1U);
  query.device = "' OR '1'='1";
  EXPECT_EQ(store.search(query).value().results.size(), 0U);
}

}  // namespace
}  // namespace keystone::server
