// SPDX-License-Identifier: Apache-2.0
#include "store_setting.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <thread>

namespace keystone::server {
namespace {

using ThreadsTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Over, ThreadsTest, kBothBackends, name_of);

constexpr int kThreads = 64;

// Runs `work(i)` for every thread, all of them at once.
template <class Work>
void on_all_threads(const Work& work) {
  std::barrier all_there(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      all_there.arrive_and_wait();
      work(i);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST_P(ThreadsTest, OneOfManySettlementsOfANonceIsRecordedOverTwoNodes) {
  Store other = database.open();
  constexpr int kRounds = 20;
  std::array<std::atomic<int>, kRounds> recorded{};
  std::barrier next_round(kThreads);
  on_all_threads([&](int i) {
    Store& node = i % 2 == 0 ? store : other;
    for (unsigned round = 0; round < kRounds; ++round) {
      next_round.arrive_and_wait();
      const std::string id = std::to_string(round) + "-" + std::to_string(i);
      const auto settled = settle(node, {settlement_of(id, {{nonce_of(round), after(300)}})});
      // No ASSERT: the others would wait for this thread for ever.
      EXPECT_TRUE(testing::succeeds(settled));
      recorded.at(round) += settled && settled->front() == Settled::recorded ? 1 : 0;
    }
  });
  for (const auto& count : recorded) {
    EXPECT_EQ(count, 1);
  }
  EXPECT_EQ(store.audit_head().value().seq, std::uint64_t{kRounds});
  EXPECT_EQ(verify_audit(store, {}).value().broken, std::nullopt);
  EXPECT_EQ(store.statistics().settlements + other.statistics().settlements,
            std::uint64_t{kRounds});
}

TEST_P(ThreadsTest, SettlementsOfDifferentNoncesAreAllRecordedInOneChainOverTwoNodes) {
  Store other = database.open();
  constexpr std::uint64_t kEach = 10;
  on_all_threads([&](int i) {
    Store& node = i % 2 == 0 ? store : other;
    for (std::uint64_t round = 0; round < kEach; ++round) {
      const std::uint64_t number = static_cast<std::uint64_t>(i) * kEach + round;
      const auto settled =
          settle(node, {settlement_of(std::to_string(number), {{nonce_of(number), after(300)}})});
      EXPECT_EQ(settled, std::vector{Settled::recorded});
    }
  });
  EXPECT_EQ(store.audit_head().value().seq, kThreads * kEach);
  EXPECT_EQ(verify_audit(store, {}).value().broken, std::nullopt);
}

TEST_P(ThreadsTest, ThoseThatWaitTogetherShareATransaction) {
  // While somebody else holds the lock, all of them come to wait.
  const auto other = database_source(database.options()).value()->connect().value();
  ASSERT_TRUE(testing::succeeds(other->begin(Database::Purpose::write)));
  ASSERT_TRUE(testing::succeeds(other->run("UPDATE store_state SET seq = seq", {})));
  std::thread lets_go([&] {
    while (store.statistics().writes < kThreads) {
      std::this_thread::yield();
    }
    other->roll_back();
  });
  on_all_threads([&](int i) {
    EXPECT_EQ(settle(store, {settlement_of(std::to_string(i), {})}),
              std::vector{Settled::recorded});
  });
  lets_go.join();
  const auto statistics = store.statistics();
  EXPECT_EQ(statistics.settlements, std::uint64_t{kThreads});
  EXPECT_EQ(statistics.writes, std::uint64_t{kThreads});
  // Those that the first transaction began with, and all others.
  EXPECT_LE(statistics.transactions, 2U);
}

TEST_P(ThreadsTest, ReadersSeeWhatWasSettledWhileOthersWrite) {
  on_all_threads([&](int i) {
    const std::string id = std::to_string(i);
    EXPECT_EQ(settle(store, {settlement_of(id, {})}), std::vector{Settled::recorded});
    EXPECT_TRUE(store.find_result(id).value().has_value());
    EXPECT_TRUE(testing::succeeds(store.search({})));
    EXPECT_TRUE(testing::succeeds(store.revision()));
  });
}

TEST_P(ThreadsTest, OneOfManyChangesOnTheSameConditionIsMade) {
  constexpr auto kKind = DocumentKind::policy;
  const auto first = store.put_document(kKind, "p", "0", {}, event_of("put"));
  const Precondition same{std::get<Document>(first.value()).etag()};
  std::atomic<int> made = 0;
  on_all_threads([&](int i) {
    const auto changed = store.put_document(kKind, "p", std::to_string(i), same, event_of("put"));
    made += std::holds_alternative<Document>(changed.value()) ? 1 : 0;
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(store.revision(), 2U);
}

TEST_P(ThreadsTest, NodesThatStartAtOnceShareOneStore) {
  const FreshDatabase fresh(GetParam());
  constexpr std::size_t kNodes = 6;
  std::array<std::string, kNodes> keys;
  std::vector<std::thread> threads;
  for (std::string& key : keys) {
    threads.emplace_back([&] {
      const auto node = Store::open(fresh.options(), fill_random);
      ASSERT_TRUE(testing::succeeds(node));
      key = hex::encode(node->secrets().value().expose_issuer_key());
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(keys.front().size(), 64U);
  EXPECT_EQ(std::count(keys.begin(), keys.end(), keys.front()), std::ptrdiff_t{kNodes});
}

}  // namespace
}  // namespace keystone::server
