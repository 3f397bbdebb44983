// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

namespace keystone::c_api {

// Something that is made when it is first asked for, by any thread, and then stays.
template <class T>
class OnDemand {
 public:
  OnDemand() = default;
  OnDemand(const OnDemand&) = delete;
  OnDemand& operator=(const OnDemand&) = delete;
  ~OnDemand() { delete made_.load(); }

  // Lives as long as this object. Fails as `make` does, and is then not made. Of two threads that
  // make it at once, the first counts.
  template <class Make>
  [[nodiscard]] const T& get(const Make& make) const {
    if (const T* const there = made_.load(); there != nullptr) {
      return *there;
    }
    auto own = std::make_unique<const T>(make());
    const T* there = nullptr;
    return made_.compare_exchange_strong(there, own.get()) ? *own.release() : *there;
  }

 private:
  mutable std::atomic<const T*> made_ = nullptr;
};

}  // namespace keystone::c_api
