// SPDX-License-Identifier: Apache-2.0
// Tables are made when they pay, for keys that are good, within their bound; and change no answer.
#include "engines.hpp"
#include "key_tables_impl.hpp"
#include "support.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;
using Impl = KeyTables::Impl;
using detail::ed25519::KeyTable;

constexpr std::size_t kMiB = std::size_t{1} << 20U;

// Key i of those that fall into one shard.
Bytes32 key_in_one_shard(unsigned wanted) {
  for (std::uint8_t i = 1;; ++i) {
    const Bytes32 key = compat::times_base(Bytes32{i, 1});
    if (key[0] % 8 == 0 && wanted-- == 0) {
      return key;
    }
  }
}

Impl::Table use_often(const KeyTables& tables, const Bytes32& key, unsigned times) {
  Impl::Table table;
  for (unsigned i = 0; i < times; ++i) {
    table = Impl::of(tables).use(key);
  }
  return table;
}

// Whether it is the table of that key's negative.
bool is_of(const KeyTable& table, const Bytes32& key) {
  return encode(to_extended(add(detail::ed25519::kIdentity, table.at(0, 1)))) ==
         compat::subtract(compat::kIdentity, key);
}

TEST(KeyTables, MakeATableForAKeyThatRecurs) {
  const KeyTables tables;
  const Bytes32 key = honest_signer().key;
  EXPECT_EQ(use_often(tables, key, Impl::kFirstUse - 1), nullptr);
  EXPECT_LT(tables.bytes(), 1024U);
  const auto table = use_often(tables, key, 1);
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->multiples.width(), Impl::kFirstWidth);
  EXPECT_EQ(use_often(tables, key, 1), table);
  EXPECT_GT(tables.bytes(), KeyTable::bytes(Impl::kFirstWidth));
}

TEST(KeyTables, MakeAWiderOneForAKeyThatRecursOften) {
  const KeyTables tables;
  const Bytes32 key = honest_signer().key;
  const auto table = use_often(tables, key, Impl::kManyUses);
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->multiples.width(), 8U);
  EXPECT_EQ(use_often(tables, key, 100), table);
}

TEST(KeyTables, MakeANarrowerOneWhereThereIsLessRoom) {
  const KeyTables tables(8 * (KeyTable::bytes(6) + 4096));
  const auto table = use_often(tables, honest_signer().key, Impl::kManyUses);
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->multiples.width(), 6U);
}

TEST(KeyTables, MakeNoneWhereThereIsNoRoom) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{4096}, kMiB / 2}) {
    const KeyTables tables(bytes);
    EXPECT_EQ(use_often(tables, honest_signer().key, 100), nullptr);
    EXPECT_LE(tables.bytes(), bytes);
  }
}

TEST(KeyTables, MakeNoneForAKeyThatIsNoGoodKey) {
  const KeyTables tables;
  Bytes32 no_point = {2};
  ASSERT_FALSE(compat::is_on_curve(no_point));
  EXPECT_EQ(use_often(tables, no_point, 100), nullptr);
  const Bytes32 mixed = compat::add(honest_signer().key, compat::torsion_points()[3]);
  EXPECT_EQ(use_often(tables, mixed, 100), nullptr);
  EXPECT_LT(tables.bytes(), 1024U);
}

TEST(KeyTables, ForgetTheLeastRecentlyUsedKey) {
  const std::size_t bytes = 8 * (2 * KeyTable::bytes(5) + 4096);
  const KeyTables tables(bytes);
  const Bytes32 first = key_in_one_shard(0);
  const Bytes32 second = key_in_one_shard(1);
  EXPECT_NE(use_often(tables, first, 8), nullptr);
  EXPECT_NE(use_often(tables, second, 8), nullptr);
  EXPECT_NE(use_often(tables, first, 1), nullptr);
  EXPECT_NE(use_often(tables, key_in_one_shard(2), 8), nullptr);
  EXPECT_NE(use_often(tables, first, 1), nullptr);
  EXPECT_EQ(use_often(tables, second, 1), nullptr);
  EXPECT_LE(tables.bytes(), bytes);
}

TEST(KeyTables, StayWithinTheirBoundWhateverIsUsed) {
  const std::size_t bytes = 2 * kMiB;
  const KeyTables tables(bytes);
  for (std::uint8_t i = 1; i < 100; ++i) {
    (void)use_often(tables, compat::times_base(Bytes32{i, 2}), i % 20);
    EXPECT_LE(tables.bytes(), bytes);
  }
}

TEST(KeyTables, LeaveATableToWhoUsesItWhenItIsForgotten) {
  const KeyTables tables(8 * (KeyTable::bytes(5) + 4096));
  const auto table = use_often(tables, key_in_one_shard(0), 8);
  ASSERT_NE(table, nullptr);
  EXPECT_NE(use_often(tables, key_in_one_shard(1), 8), nullptr);
  EXPECT_TRUE(is_of(table->multiples, key_in_one_shard(0)));
}

// Whether a group of signatures that begins now finds the key without counting. Where it does not,
// asking is a use.
bool is_settled(const KeyTables& tables, const Bytes32& key) {
  Impl::Table made;
  return Impl::Reader(tables).use(key, made) != nullptr && made == nullptr;
}

TEST(KeyTables, SettleAKeyWhoseUsesAreCountedToTheEnd) {
  const KeyTables tables;
  const Bytes32 key = honest_signer().key;
  const auto table = use_often(tables, key, Impl::kManyUses);
  EXPECT_FALSE(is_settled(tables, key));  // this use settles it
  EXPECT_TRUE(is_settled(tables, key));
  Impl::Table made;
  EXPECT_EQ(Impl::Reader(tables).use(key, made), &table->multiples);
}

TEST(KeyTables, NeverSettleAKeyThatIsNoGoodKey) {
  const KeyTables tables;
  const Bytes32 mixed = compat::add(honest_signer().key, compat::torsion_points()[3]);
  EXPECT_EQ(use_often(tables, mixed, 2 * Impl::kManyUses), nullptr);
  EXPECT_FALSE(is_settled(tables, mixed));
  Impl::Table made;
  EXPECT_EQ(Impl::Reader(tables).use(mixed, made), nullptr);
}

TEST(KeyTables, TellSettledKeysApart) {
  const KeyTables tables(256 * kMiB);
  for (unsigned i = 0; i < 20; ++i) {
    (void)use_often(tables, key_in_one_shard(i), Impl::kManyUses + 1);
    (void)use_often(tables, compat::times_base(Bytes32{static_cast<std::uint8_t>(i + 1), 3}),
                    Impl::kManyUses + 1);
  }
  unsigned settled = 0;
  for (unsigned i = 0; i < 20; ++i) {
    Impl::Table made;
    Impl::Reader reader(tables);
    const auto* const table = reader.use(key_in_one_shard(i), made);
    ASSERT_NE(table, nullptr);
    settled += made == nullptr ? 1U : 0U;
    EXPECT_TRUE(is_of(*table, key_in_one_shard(i)));
  }
  EXPECT_EQ(settled, 20U);
}

// A settled key is not in the order of uses; it stays for as long as it is used.
TEST(KeyTables, KeepASettledKeyThatIsUsedAndForgetOneThatIsNot) {
  const std::size_t bytes = 8 * (3 * KeyTable::bytes(5) + 4096);
  const KeyTables tables(bytes);
  const Bytes32 used = key_in_one_shard(0);
  const Bytes32 unused = key_in_one_shard(1);
  (void)use_often(tables, used, Impl::kManyUses + 1);
  (void)use_often(tables, unused, Impl::kManyUses + 1);
  for (unsigned i = 2; i < 20; ++i) {
    ASSERT_TRUE(is_settled(tables, used)) << i;
    EXPECT_NE(use_often(tables, key_in_one_shard(i), Impl::kFirstUse), nullptr);
    EXPECT_LE(tables.bytes(), bytes);
  }
  EXPECT_FALSE(is_settled(tables, unused));
  EXPECT_EQ(use_often(tables, unused, 1), nullptr);
}

TEST(KeyTables, ForgetSettledKeysWhereAllAreUsedAndThereIsNoRoom) {
  const std::size_t bytes = 8 * (2 * KeyTable::bytes(5) + 4096);
  const KeyTables tables(bytes);
  for (unsigned i = 0; i < 10; ++i) {
    (void)use_often(tables, key_in_one_shard(i), Impl::kManyUses + 1);
    for (unsigned before = 0; before <= i; ++before) {
      (void)is_settled(tables, key_in_one_shard(before));
    }
    EXPECT_LE(tables.bytes(), bytes);
  }
  unsigned settled = 0;
  for (unsigned i = 0; i < 10; ++i) {
    settled += is_settled(tables, key_in_one_shard(i)) ? 1U : 0U;
  }
  EXPECT_GE(settled, 1U);
  EXPECT_LE(settled, 2U);
}

TEST(KeyTables, LeaveASettledTableToTheGroupThatUsesIt) {
  const KeyTables tables(8 * (KeyTable::bytes(5) + 4096));
  const Bytes32 key = key_in_one_shard(0);
  (void)use_often(tables, key, Impl::kManyUses + 1);
  Impl::Table made;
  Impl::Reader reader(tables);
  const auto* const table = reader.use(key, made);
  ASSERT_EQ(made, nullptr);
  for (unsigned i = 1; i < 4; ++i) {
    (void)use_often(tables, key_in_one_shard(i), Impl::kFirstUse);
  }
  EXPECT_FALSE(is_settled(tables, key));
  EXPECT_TRUE(is_of(*table, key));
}

// So little room that tables come and go, and keys settle meanwhile.
TEST(KeyTables, AreSharedByThreads) {
  const std::size_t bytes = 8 * (2 * KeyTable::bytes(5) + 4096);
  const KeyTables tables(bytes);
  const std::array keys = {key_in_one_shard(0), key_in_one_shard(1), key_in_one_shard(2)};
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t i = 0; i < 600; ++i) {
        const Bytes32& key = keys[(thread + i / 100) % keys.size()];
        Impl::Table made;
        Impl::Reader reader(tables);
        const auto* const table = reader.use(key, made);
        EXPECT_TRUE(table == nullptr || is_of(*table, key));
        EXPECT_LE(tables.bytes(), bytes);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(KeyTables, ChangeNoAnswer) {
  const KeyTables tables;
  const Signer signer = honest_signer();
  const Bytes message = {1, 2, 3};
  const Signature good = signer.sign(message);
  const Signature other = signer.sign(Bytes{});
  const Signature high = join(good.bytes().first<32>(),
                              compat::sum(copy_of(good.bytes().last<32>()), compat::kGroupOrder));
  const Signature small_r = join(Bytes32{1}, good.bytes().last<32>());
  const Signature odd_r = join(compat::non_canonical_encodings().back(), good.bytes().last<32>());
  for (int i = 0; i < 100; ++i) {
    for (const Signature& signature : {good, other, high, small_r, odd_r}) {
      const SignatureResult expected = result_of(signer.key, message, signature);
      EXPECT_EQ(verify_signature(signer.key, message, signature, tables).value(), expected);
      const SignatureJob job{signer.key, message, signature.bytes(), true};
      EXPECT_EQ(results_by(detail::portable_engine(), {&job, 1}, &tables).front(), expected);
    }
  }
  EXPECT_GT(tables.bytes(), KeyTable::bytes(8));
}

}  // namespace
}  // namespace keystone
