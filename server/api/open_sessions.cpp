// SPDX-License-Identifier: Apache-2.0
#include "api/open_sessions.hpp"

namespace keystone::server {

void OpenSessions::forget_before(Instant now) {
  while (!by_expiry_.empty() && by_expiry_.begin()->first < now) {
    count_ -= by_expiry_.begin()->second;
    by_expiry_.erase(by_expiry_.begin());
  }
}

bool OpenSessions::add(Instant expires, Instant now, std::size_t most) {
  const std::lock_guard lock(mutex_);
  forget_before(now);
  if (count_ >= most) {
    return false;
  }
  ++by_expiry_[expires];
  ++count_;
  return true;
}

void OpenSessions::remove(Instant expires) {
  const std::lock_guard lock(mutex_);
  const auto found = by_expiry_.find(expires);
  if (found == by_expiry_.end()) {
    return;
  }
  --count_;
  if (--found->second == 0) {
    by_expiry_.erase(found);
  }
}

std::size_t OpenSessions::count(Instant now) {
  const std::lock_guard lock(mutex_);
  forget_before(now);
  return count_;
}

}  // namespace keystone::server
