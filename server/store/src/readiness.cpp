// SPDX-License-Identifier: Apache-2.0
#include "readiness.hpp"

namespace keystone::server {

Status Readiness::ask(const std::function<Status()>& look) {
  // Those who come while one looks wait for what it finds.
  const std::lock_guard lock(mutex_);
  if (!until_ || now_() >= *until_) {
    found_ = look();
    until_ = now_() + kFor;
  }
  return found_;
}

}  // namespace keystone::server
