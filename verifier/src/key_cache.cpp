// SPDX-License-Identifier: Apache-2.0
#include "key_cache.hpp"

#include <algorithm>

namespace keystone {
namespace {

// A cache of fewer entries than this for each shard has one shard, and forgets in strict order.
constexpr std::size_t kShards = 16;
constexpr std::size_t kFewestInShard = 64;

std::size_t shards_for(std::size_t capacity) {
  return capacity < kShards * kFewestInShard ? 1 : kShards;
}

}  // namespace

KeyCache::KeyCache(std::size_t capacity) : impl_(std::make_shared<Impl>(capacity)) {}

std::size_t KeyCache::size() const {
  return impl_->size();
}

KeyCache::Impl::Entry KeyCache::Impl::entry_for(const DevicePublicKey& key, const Report& report) {
  Entry entry{};
  const Signature signature = report.sm_signature();
  const ByteView message = report.signed_by_device();
  const auto message_at = std::copy(key.bytes().begin(), key.bytes().end(), entry.begin());
  const auto signature_at = std::copy(message.begin(), message.end(), message_at);
  std::copy(signature.bytes().begin(), signature.bytes().end(), signature_at);
  return entry;
}

KeyCache::Impl::Impl(std::size_t capacity)
    : shard_capacity_(capacity / shards_for(capacity)), shards_(shards_for(capacity)) {}

// By a byte of the signature's R, which is as good as random.
KeyCache::Impl::Shard& KeyCache::Impl::shard_of(const Entry& entry) {
  constexpr std::size_t kSignature = 32 + 96;
  return shards_[entry[kSignature] % shards_.size()];
}

bool KeyCache::Impl::contains(const Entry& entry) {
  Shard& shard = shard_of(entry);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(entry);
  if (found == shard.entries.end()) {
    return false;
  }
  shard.order.splice(shard.order.begin(), shard.order, found->second);
  return true;
}

void KeyCache::Impl::remember(const Entry& entry) {
  Shard& shard = shard_of(entry);
  const std::lock_guard lock(shard.mutex);
  if (shard_capacity_ == 0 || shard.entries.contains(entry)) {
    return;
  }
  if (shard.entries.size() >= shard_capacity_) {
    shard.entries.erase(shard.entries.find(*shard.order.back()));
    shard.order.pop_back();
  }
  shard.order.push_front(nullptr);
  try {
    const auto added = shard.entries.emplace(entry, shard.order.begin()).first;
    shard.order.front() = &added->first;
  } catch (...) {
    shard.order.pop_front();
    throw;
  }
}

std::size_t KeyCache::Impl::size() const {
  std::size_t sum = 0;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum += shard.entries.size();
  }
  return sum;
}

}  // namespace keystone
