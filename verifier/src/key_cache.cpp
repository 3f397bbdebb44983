// SPDX-License-Identifier: Apache-2.0
#include "key_cache.hpp"

#include <algorithm>

namespace keystone {

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

bool KeyCache::Impl::contains(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(entry);
  if (found == entries_.end()) {
    return false;
  }
  order_.splice(order_.begin(), order_, found->second);
  return true;
}

void KeyCache::Impl::remember(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  if (capacity_ == 0 || entries_.contains(entry)) {
    return;
  }
  if (entries_.size() >= capacity_) {
    entries_.erase(entries_.find(*order_.back()));
    order_.pop_back();
  }
  order_.push_front(nullptr);
  try {
    const auto added = entries_.emplace(entry, order_.begin()).first;
    order_.front() = &added->first;
  } catch (...) {
    order_.pop_front();
    throw;
  }
}

std::size_t KeyCache::Impl::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace keystone
