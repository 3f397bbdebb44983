// SPDX-License-Identifier: Apache-2.0
#include "store_setting.hpp"

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

class ResultsTest : public StoreTest {
 protected:
  void add(const std::string& id, int time, const std::string& device = "d",
           const std::string& enclave = "e", bool accepted = true) {
    auto settlement = settlement_of(id, {});
    settlement.result.time = after(time);
    settlement.result.device = device;
    settlement.result.enclave = enclave;
    settlement.result.accepted = accepted;
    ASSERT_EQ(settle(store, {settlement}), std::vector{Settled::recorded});
  }

  // The identifiers that a query finds, page by page.
  std::string found(ResultQuery query) {
    std::string ids;
    do {
      auto page = store.search(query);
      EXPECT_TRUE(succeeds(page));
      for (const StoredResult& stored : page->results) {
        ids += stored.result.id;
      }
      query.after = page->next;
    } while (query.after);
    return ids;
  }
};
INSTANTIATE_TEST_SUITE_P(Over, ResultsTest, kBothBackends, name_of);

TEST_P(ResultsTest, AreFoundTheNewestFirst) {
  add("a", 0);
  add("b", 5);
  add("c", 3);
  add("d", 5);
  EXPECT_EQ(found({}), "dbca");
}

TEST_P(ResultsTest, AreFoundByEveryCondition) {
  add("a", 0, "d1", "e1", true);
  add("b", 1, "d1", "e2", false);
  add("c", 2, "d2", "e1", false);
  add("d", 3, "d2", "e2", true);
  ResultQuery query;
  query.device = "d1";
  EXPECT_EQ(found(query), "ba");
  query.accepted = false;
  EXPECT_EQ(found(query), "b");
  query = {};
  query.enclave = "e1";
  EXPECT_EQ(found(query), "ca");
  query = {};
  query.accepted = true;
  EXPECT_EQ(found(query), "da");
  query = {};
  query.from = after(1);
  query.until = after(2);
  EXPECT_EQ(found(query), "cb");
  query.device = "d2";
  query.enclave = "e1";
  query.accepted = false;
  EXPECT_EQ(found(query), "c");
  query.accepted = true;
  EXPECT_EQ(found(query), "");
}

TEST_P(ResultsTest, ArePagedWithoutGapOrRepetition) {
  const std::string ids = "abcdefghij";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    add(ids.substr(i, 1), static_cast<int>(i / 4));  // several of the same second
  }
  const std::string all = found({});
  EXPECT_EQ(all.size(), ids.size());
  for (const std::size_t limit : {1U, 2U, 3U, 9U, 10U, 11U, 1000U}) {
    ResultQuery query;
    query.limit = limit;
    EXPECT_EQ(found(query), all);
  }
}

TEST_P(ResultsTest, ThatComeMeanwhileDoNotMoveThePages) {
  for (const char* id : {"a", "b", "c", "d"}) {
    add(id, 0);
  }
  ResultQuery query;
  query.limit = 2;
  query.after = store.search(query).value().next;
  add("e", 0);
  add("f", 9);
  EXPECT_EQ(found(query), "ba");
}

TEST_P(ResultsTest, HaveALastPageThatSaysSo) {
  add("a", 0);
  add("b", 1);
  ResultQuery query;
  query.limit = 2;
  EXPECT_EQ(store.search(query).value().next.has_value(), false);
  query.limit = 1;
  EXPECT_EQ(store.search(query).value().next.has_value(), true);
}

TEST_P(ResultsTest, AreNotFoundByAnotherName) {
  add("a", 0);
  EXPECT_FALSE(store.find_result("A").value().has_value());
  EXPECT_FALSE(store.find_result("").value().has_value());
  EXPECT_FALSE(store.find_result("%").value().has_value());
}

TEST_P(ResultsTest, RefuseLimitsAndTextsThatCannotBeMeant) {
  for (const std::size_t limit : {0U, 1001U}) {
    ResultQuery query;
    query.limit = limit;
    EXPECT_TRUE(fails_with(store.search(query), ErrorCode::usage, "limit"));
  }
  ResultQuery query;
  query.device = "\xff";
  EXPECT_TRUE(fails_with(store.search(query), ErrorCode::malformed, "device"));
  EXPECT_TRUE(fails_with(store.find_result("\xff"), ErrorCode::malformed, "result id"));
  query = {};
  query.after = ResultCursor{kNow, UINT64_MAX};
  EXPECT_TRUE(fails_with(store.search(query), ErrorCode::usage, "after"));
}

TEST_P(ResultsTest, GoWhenTheyAreOldEnough) {
  add("a", 0);
  add("b", 1);
  add("c", 2);
  EXPECT_EQ(store.prune_results(after(1)), 1U);
  EXPECT_EQ(store.prune_results(after(1)), 0U);
  EXPECT_EQ(found({}), "cb");
  EXPECT_EQ(store.audit_head().value().seq, 3U);
  EXPECT_EQ(verify_audit(store, {}).value().broken, std::nullopt);
}

TEST_P(ResultsTest, ThatWereDamagedAreErrors) {
  add("a", 0);
  database.run("UPDATE results SET accepted = 2");
  EXPECT_TRUE(fails_with(store.find_result("a"), ErrorCode::malformed, "result: column 4"));
  EXPECT_TRUE(fails_with(store.search({}), ErrorCode::malformed, "result: column 4"));
}

}  // namespace
}  // namespace keystone::server
