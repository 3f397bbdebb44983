// SPDX-License-Identifier: Apache-2.0
#include "key_tables_settled.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace keystone::detail {
namespace {

using List = SettledTables::List;
using Key = SettledTables::Key;

List::const_iterator place_of(const List& list, const Key& key) {
  return std::lower_bound(
      list.begin(), list.end(), key,
      [](const SettledTables::Entry& entry, const Key& wanted) { return entry.key < wanted; });
}

bool has(const List& list, List::const_iterator place, const Key& key) {
  return place != list.end() && place->key == key;
}

}  // namespace

std::shared_ptr<const List> SettledTables::list() const {
  const std::lock_guard lock(mutex_);
  return list_;
}

void SettledTables::add(const Key& key, const Table& table) {
  std::shared_ptr<const List> before;  // destroyed after the lock
  const std::lock_guard lock(mutex_);
  const auto place = place_of(*list_, key);
  if (has(*list_, place, key)) {
    return;
  }
  try {
    auto longer = std::make_shared<List>();
    longer->reserve(list_->size() + 1);
    longer->insert(longer->end(), list_->begin(), place);
    longer->push_back({key, table});
    longer->insert(longer->end(), place, list_->end());
    before = std::exchange(list_, std::move(longer));
  } catch (const std::bad_alloc&) {
    return;  // the key's next use tries again
  }
}

void SettledTables::remove(const Key& key) {
  std::shared_ptr<const List> before;  // destroyed after the lock
  const std::lock_guard lock(mutex_);
  const auto place = place_of(*list_, key);
  if (!has(*list_, place, key)) {
    return;
  }
  try {
    auto shorter = std::make_shared<List>();
    shorter->reserve(list_->size() - 1);
    shorter->insert(shorter->end(), list_->begin(), place);
    shorter->insert(shorter->end(), place + 1, list_->end());
    before = std::exchange(list_, std::move(shorter));
  } catch (const std::bad_alloc&) {
    before = std::exchange(list_, none_);
  }
}

const CachedTable* find(const List& list, const Key& key) {
  const auto place = place_of(list, key);
  if (!has(list, place, key)) {
    return nullptr;
  }
  const CachedTable& table = *place->table;
  if (!table.was_used.load(std::memory_order_relaxed)) {
    table.was_used.store(true, std::memory_order_relaxed);
  }
  return &table;
}

}  // namespace keystone::detail
