// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/verifier.hpp"

#include <array>
#include <list>
#include <map>
#include <mutex>
#include <vector>

namespace keystone {

// A cache of some size is spread over shards, each with a lock and a part of the capacity of its
// own. In a shard entries are ordered, not hashed: nobody can choose entries that collide.
class KeyCache::Impl {
 public:
  // Device key, signed bytes, signature: all that a verification depends on.
  using Entry = std::array<std::uint8_t, 32 + 96 + 64>;

  explicit Impl(std::size_t capacity);

  [[nodiscard]] static Entry entry_for(const DevicePublicKey& key, const Report& report);

  // Whether the entry was remembered, which makes it the most recently used of its shard.
  [[nodiscard]] bool contains(const Entry& entry);

  // Remembers a signature that is valid.
  void remember(const Entry& entry);

  [[nodiscard]] std::size_t size() const;

 private:
  using Order = std::list<const Entry*>;  // the most recently used first

  struct alignas(64) Shard {
    std::mutex mutex;
    std::map<Entry, Order::iterator> entries;
    Order order;
  };

  [[nodiscard]] Shard& shard_of(const Entry& entry);

  const std::size_t shard_capacity_;
  mutable std::vector<Shard> shards_;
};

}  // namespace keystone
