// SPDX-License-Identifier: Apache-2.0
#include "http/src/rate_limiter.hpp"

#include <algorithm>

namespace keystone::server::http {

void RateTable::configure(Rate rate, std::size_t max_tracked) {
  const std::lock_guard lock(mutex_);
  rate_ = rate;
  max_tracked_ = max_tracked;
  forget_down_to(rate.per_second == 0 ? 0 : max_tracked);
}

std::optional<std::chrono::seconds> RateTable::take(const std::string& key, Time now) {
  using std::chrono::nanoseconds;
  const std::lock_guard lock(mutex_);
  if (rate_.per_second == 0) {
    return std::nullopt;
  }
  const nanoseconds each = nanoseconds(std::chrono::seconds(1)) / rate_.per_second;
  const nanoseconds room = each * rate_.burst;  // to fill a bucket that is empty
  Bucket& bucket = find(key, now);
  const Time full = std::max(bucket.full, now) + each;
  if (full - now > room) {
    return std::max(std::chrono::seconds(1),
                    std::chrono::ceil<std::chrono::seconds>(full - now - room));
  }
  bucket.full = full;
  return std::nullopt;
}

RateTable::Bucket& RateTable::find(const std::string& key, Time now) {
  const auto known = index_.find(key);
  if (known != index_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  forget_down_to(max_tracked_ - 1);
  buckets_.push_front({key, now});
  index_.emplace(key, buckets_.begin());
  return buckets_.front();
}

void RateTable::forget_down_to(std::size_t count) {
  while (buckets_.size() > count) {
    index_.erase(buckets_.back().key);
    buckets_.pop_back();
  }
}

}  // namespace keystone::server::http
