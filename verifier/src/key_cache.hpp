// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/verifier.hpp"

#include <array>
#include <list>
#include <map>
#include <mutex>

namespace keystone {

// Ordered, not hashed: nobody can choose entries that collide.
class KeyCache::Impl {
 public:
  // Device key, signed bytes, signature: all that a verification depends on.
  using Entry = std::array<std::uint8_t, 32 + 96 + 64>;

  explicit Impl(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] static Entry entry_for(const DevicePublicKey& key, const Report& report);

  // Whether the entry was remembered, which makes it the most recently used.
  [[nodiscard]] bool contains(const Entry& entry);

  // Remembers a signature that is valid.
  void remember(const Entry& entry);

  [[nodiscard]] std::size_t size() const;

 private:
  using Order = std::list<const Entry*>;  // the most recently used first

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::map<Entry, Order::iterator> entries_;
  Order order_;
};

}  // namespace keystone
