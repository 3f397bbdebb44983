// SPDX-License-Identifier: Apache-2.0
// The list of settled tables, with memory and without.
#include "ed25519/point.hpp"
#include "key_tables_settled.hpp"
#include "keystone/testing/memory.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace keystone::detail {
namespace {

using keystone::testing::fail_allocations;
using keystone::testing::stop_failing_allocations;
using Key = SettledTables::Key;
using Table = SettledTables::Table;

Key key(std::uint8_t number) {
  return Key{number, number};
}

// Any table: the list does not look into them.
Table table() {
  return std::make_shared<const CachedTable>(ed25519::kIdentity, 4U);
}

// Whether the keys of the list are exactly these, each with its table.
bool has_exactly(const SettledTables& settled, const std::vector<SettledTables::Entry>& entries) {
  const auto list = settled.list();
  return list->size() == entries.size() &&
         std::all_of(entries.begin(), entries.end(), [&](const SettledTables::Entry& entry) {
           return find(*list, entry.key) == entry.table.get();
         });
}

class SettledTablesTest : public ::testing::Test {
 protected:
  SettledTablesTest() {
    for (const auto& [of, made] : {first_, middle_, last_}) {
      settled_.add(of, made);
    }
  }

  const SettledTables::Entry middle_ = {key(5), table()};
  const SettledTables::Entry first_ = {key(1), table()};
  const SettledTables::Entry last_ = {key(200), table()};
  SettledTables settled_;
};

TEST_F(SettledTablesTest, FindEachKeyAndNoOther) {
  EXPECT_TRUE(has_exactly(settled_, {first_, middle_, last_}));
  for (const std::uint8_t number : std::array<std::uint8_t, 4>{0, 2, 6, 201}) {
    EXPECT_EQ(find(*settled_.list(), key(number)), nullptr) << int{number};
  }
  EXPECT_EQ(find({}, key(1)), nullptr);
}

TEST_F(SettledTablesTest, RemoveAnyKey) {
  settled_.remove(middle_.key);
  EXPECT_TRUE(has_exactly(settled_, {first_, last_}));
  settled_.remove(last_.key);
  EXPECT_TRUE(has_exactly(settled_, {first_}));
  settled_.remove(first_.key);
  EXPECT_TRUE(has_exactly(settled_, {}));
}

TEST_F(SettledTablesTest, AreTheSameWithoutAKeyThatTheyHadNot) {
  const auto before = settled_.list();
  settled_.remove(key(2));
  settled_.remove(key(201));
  EXPECT_EQ(settled_.list(), before);
}

TEST_F(SettledTablesTest, KeepTheTableThatAKeyHas) {
  settled_.add(middle_.key, table());
  EXPECT_TRUE(has_exactly(settled_, {first_, middle_, last_}));
}

TEST_F(SettledTablesTest, LeaveAListThatWasTakenAsItWas) {
  const auto taken = settled_.list();
  settled_.remove(middle_.key);
  settled_.add(key(9), table());
  EXPECT_EQ(taken->size(), 3U);
  EXPECT_EQ(find(*taken, middle_.key), middle_.table.get());
  EXPECT_EQ(find(*taken, key(9)), nullptr);
}

TEST_F(SettledTablesTest, TellWhetherATableWasUsed) {
  EXPECT_FALSE(middle_.table->was_used);
  (void)find(*settled_.list(), middle_.key);
  EXPECT_TRUE(middle_.table->was_used);
  EXPECT_FALSE(first_.table->was_used);
}

TEST_F(SettledTablesTest, StayAsTheyAreWhereThereIsNoMemoryForOneMore) {
  const SettledTables::Entry one_more = {key(9), table()};
  fail_allocations(0, 1);
  settled_.add(one_more.key, one_more.table);
  EXPECT_EQ(stop_failing_allocations(), 1);
  EXPECT_TRUE(has_exactly(settled_, {first_, middle_, last_}));
  settled_.add(one_more.key, one_more.table);
  EXPECT_TRUE(has_exactly(settled_, {first_, middle_, last_, one_more}));
}

// What is to go must go, whatever becomes of the rest: its bytes are counted no longer.
TEST_F(SettledTablesTest, AreEmptyWhereThereIsNoMemoryForOneLess) {
  fail_allocations(0, 1);
  settled_.remove(middle_.key);
  EXPECT_EQ(stop_failing_allocations(), 1);
  EXPECT_TRUE(has_exactly(settled_, {}));
  EXPECT_EQ(middle_.table.use_count(), 1);
  settled_.add(first_.key, first_.table);
  EXPECT_TRUE(has_exactly(settled_, {first_}));
}

}  // namespace
}  // namespace keystone::detail
