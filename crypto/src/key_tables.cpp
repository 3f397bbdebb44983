// SPDX-License-Identifier: Apache-2.0
#include "ed25519/multiply.hpp"
#include "key_tables_impl.hpp"

#include <new>

namespace keystone {
namespace {

using detail::ed25519::KeyTable;

std::size_t bytes_of(const KeyTables::Impl::Table& table) {
  return table == nullptr ? 0 : KeyTable::bytes(table->multiples.width());
}

// Null for a key that is not in the prime-order group, or where memory lacks.
KeyTables::Impl::Table make_table(const KeyTables::Impl::Key& key, unsigned width) {
  const auto point = detail::ed25519::decode(key);
  if (!point || !detail::ed25519::has_prime_order(*point)) {
    return nullptr;
  }
  try {
    return std::make_shared<const detail::CachedTable>(detail::ed25519::negate(*point), width);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace

KeyTables::KeyTables(std::size_t max_bytes) : impl_(std::make_shared<Impl>(max_bytes)) {}

std::size_t KeyTables::bytes() const {
  return impl_->bytes();
}

const KeyTable* KeyTables::Impl::Reader::use(const Key& key, Table& made) {
  const std::size_t shard = shard_of(key);
  if (settled_[shard] == nullptr) {
    settled_[shard] = impl_.shards_[shard].settled.list();
  }
  if (const auto* const settled = find(*settled_[shard], key); settled != nullptr) {
    return &settled->multiples;
  }
  made = impl_.use(key);
  return made == nullptr ? nullptr : &made->multiples;
}

// The table is made without a lock. Uses are counted one by one, so no two threads make the same.
KeyTables::Impl::Table KeyTables::Impl::use(const Key& key) {
  Shard& shard = shards_[shard_of(key)];
  Use use = count_use(shard, key);
  if (use.width != 0) {
    if (Table table = make_table(key, use.width); table != nullptr) {
      keep(shard, key, table);
      return table;
    }
  }
  return use.table;
}

std::size_t KeyTables::Impl::bytes() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum += shard.bytes;
  }
  return sum;
}

KeyTables::Impl::Use KeyTables::Impl::count_use(Shard& shard, const Key& key) const {
  const std::lock_guard lock(shard.mutex);
  auto found = shard.entries.find(key);
  if (found == shard.entries.end()) {
    if (shard_bytes_ < kEntryBytes) {
      return {nullptr, 0};
    }
    make_room(shard, kEntryBytes);
    found = add(shard, key);
  }
  Entry& entry = found->second;
  shard.order.splice(shard.order.begin(), shard.order, entry.place);
  entry.uses += entry.uses <= kManyUses ? 1 : 0;
  if (entry.uses > kManyUses && entry.table != nullptr) {
    shard.settled.add(key, entry.table);
  }
  return {entry.table, width_to_make(shard, entry)};
}

KeyTables::Impl::Entries::iterator KeyTables::Impl::add(Shard& shard, const Key& key) {
  Order place(1, nullptr);  // made first: where memory lacks, nothing has changed
  const auto added = shard.entries.try_emplace(key).first;
  place.front() = &added->first;
  added->second.place = place.begin();
  shard.order.splice(shard.order.begin(), place);
  shard.bytes += kEntryBytes;
  return added;
}

unsigned KeyTables::Impl::width_to_make(const Shard& shard, const Entry& entry) const {
  if (entry.uses == kFirstUse && kEntryBytes + KeyTable::bytes(kFirstWidth) <= shard_bytes_) {
    return kFirstWidth;
  }
  if (entry.uses == kManyUses && entry.table != nullptr) {
    const std::size_t others = shard.bytes - bytes_of(entry.table);
    for (const unsigned width : kManyWidths) {
      if (others + KeyTable::bytes(width) <= shard_bytes_) {
        return width;
      }
    }
  }
  return 0;
}

void KeyTables::Impl::keep(Shard& shard, const Key& key, const Table& table) const {
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(key);
  if (found == shard.entries.end()) {
    return;  // others have pushed it out meanwhile
  }
  Entry& entry = found->second;
  shard.order.splice(shard.order.begin(), shard.order, entry.place);
  shard.bytes -= bytes_of(entry.table);
  shard.settled.remove(key);  // there, it would be the narrower one
  entry.table = nullptr;
  make_room(shard, bytes_of(table));
  entry.table = table;
  shard.bytes += bytes_of(table);
}

// The first in the order goes last: it alone always fits. Uses of settled keys do not show in the
// order: where there were any since the last time, the key goes behind the first instead of out.
void KeyTables::Impl::make_room(Shard& shard, std::size_t bytes) const {
  Order& order = shard.order;
  std::size_t second_chances = order.size();
  while (!order.empty() && shard.bytes + bytes > shard_bytes_) {
    const auto last = shard.entries.find(*order.back());
    const Table& table = last->second.table;
    if (second_chances > 0 && table != nullptr && table->was_used.exchange(false)) {
      --second_chances;
      order.splice(std::next(order.begin()), order, last->second.place);
      continue;
    }
    shard.settled.remove(last->first);
    shard.bytes -= kEntryBytes + bytes_of(table);
    order.pop_back();
    shard.entries.erase(last);
  }
}

}  // namespace keystone
