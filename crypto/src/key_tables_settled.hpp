// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/table.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace keystone::detail {

// The multiples of a key's negative, and whether they were used since a cache last asked.
struct CachedTable {
  CachedTable(const ed25519::Extended& point, unsigned width) : multiples(point, width) {}

  ed25519::KeyTable multiples;
  mutable std::atomic<bool> was_used = false;
};

// The tables of keys whose uses need no more counting. Who looks up many keys takes the list once,
// under a lock; it then looks up without one, and without writing to memory that other threads use,
// which in lanes would take a tenth of the time of a signature. Thread-safe.
class SettledTables {
 public:
  using Key = ed25519::EncodedPoint;
  using Table = std::shared_ptr<const CachedTable>;

  struct Entry {
    Key key;
    Table table;
  };

  // As it was at some moment; immutable, by key.
  using List = std::vector<Entry>;

  [[nodiscard]] std::shared_ptr<const List> list() const;

  // Adds a key, unless it is in the list. Where memory lacks, it stays out.
  void add(const Key& key, const Table& table);

  // Removes a key, if it is in the list. Where memory lacks, everything goes.
  void remove(const Key& key);

 private:
  mutable std::mutex mutex_;
  const std::shared_ptr<const List> none_ = std::make_shared<const List>();
  std::shared_ptr<const List> list_ = none_;
};

// The table of that key, marked as used; null if the list has none.
[[nodiscard]] const CachedTable* find(const SettledTables::List& list,
                                      const SettledTables::Key& key);

}  // namespace keystone::detail
