// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key_tables_settled.hpp"
#include "keystone/crypto/key_tables.hpp"

#include <array>
#include <list>
#include <map>
#include <mutex>

namespace keystone {

// Keys are spread over shards, each with a lock and a part of the memory of its own. In a shard
// they are ordered, not hashed: nobody can choose keys that collide. Keys that were used often
// enough are looked up in the shard's list of settled ones.
class KeyTables::Impl {
  static constexpr std::size_t kShards = 8;

 public:
  [[nodiscard]] static Impl& of(const KeyTables& tables) { return *tables.impl_; }

  using Key = detail::SettledTables::Key;
  using Table = detail::SettledTables::Table;

  // Looks up the keys of one group of signatures, for one thread: takes the list of a shard when
  // one of its keys is first asked for.
  class Reader {
   public:
    explicit Reader(const KeyTables& tables) : impl_(of(tables)) {}

    // The multiples of -A, if the key A has a table by now; makes one when it is time. A key that
    // has one is in the prime-order group. The table lives as long as this reader and `made`.
    [[nodiscard]] const detail::ed25519::KeyTable* use(const Key& key, Table& made);

   private:
    Impl& impl_;
    std::array<std::shared_ptr<const detail::SettledTables::List>, kShards> settled_;
  };

  explicit Impl(std::size_t max_bytes) : shard_bytes_(max_bytes / kShards) {}

  // What Reader::use() does for a key that is not settled: counts the use.
  [[nodiscard]] Table use(const Key& key);

  [[nodiscard]] std::size_t bytes() const;

  // At which use of a key a table is made, and how wide; the last only where there is room. After
  // that a key with a table is settled.
  static constexpr unsigned kFirstUse = 8;
  static constexpr unsigned kFirstWidth = 5;
  static constexpr unsigned kManyUses = 64;
  static constexpr std::array<unsigned, 2> kManyWidths = {8, 6};

 private:
  using Order = std::list<const Key*>;  // the most recently used first

  struct Entry {
    unsigned uses = 0;
    Table table;
    Order::iterator place;
  };

  using Entries = std::map<Key, Entry>;

  struct alignas(64) Shard {
    mutable std::mutex mutex;
    Entries entries;
    Order order;
    std::size_t bytes = 0;
    detail::SettledTables settled;  // locked after the shard, never before
  };

  // What one more use comes to: the table that there is, and the width of the one to make, or 0.
  struct Use {
    Table table;
    unsigned width;
  };

  [[nodiscard]] static std::size_t shard_of(const Key& key) { return key[0] % kShards; }
  [[nodiscard]] Use count_use(Shard& shard, const Key& key) const;
  static Entries::iterator add(Shard& shard, const Key& key);
  [[nodiscard]] unsigned width_to_make(const Shard& shard, const Entry& entry) const;
  void keep(Shard& shard, const Key& key, const Table& table) const;
  void make_room(Shard& shard, std::size_t bytes) const;

  static constexpr std::size_t kEntryBytes = 384;  // a key without its table, generously

  const std::size_t shard_bytes_;
  std::array<Shard, kShards> shards_;
};

}  // namespace keystone
