// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace keystone::server {

// How long a writer waits for company. Those who were just answered come again at once, as long as
// there is load; who does not wait for them has two groups that wait for each other, each of half
// the size, and so twice as many flushes of the disk.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  // Bounds what one slow transaction costs those that come after it.
  static constexpr std::chrono::milliseconds kLongest{5};

  // A transaction of `wrote` works ended, while `waiting` others came. From its end on, as many as
  // that are waited for, and at most twice as long as it took: to come again takes work, too.
  void learn(Clock::time_point begun, Clock::time_point ended, std::size_t wrote,
             std::size_t waiting) {
    company_ = wrote + waiting;
    ends_ = ended + std::min<Clock::duration>(2 * (ended - begun), kLongest);
  }

  // So many are enough, at any time; after ends(), one is. Who writes alone waits for nobody.
  [[nodiscard]] std::size_t company() const { return company_; }
  [[nodiscard]] Clock::time_point ends() const { return ends_; }

 private:
  std::size_t company_ = 1;
  Clock::time_point ends_{};
};

}  // namespace keystone::server
