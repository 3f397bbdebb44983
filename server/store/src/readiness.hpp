// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

namespace keystone::server {

// An answer that costs a write, for whoever asks: anybody may, so the question is put to the
// database at most once a second, and those who ask meanwhile get what was found. Any thread.
class Readiness {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kFor{1};

  explicit Readiness(std::function<Clock::time_point()> now = Clock::now) : now_(std::move(now)) {}

  [[nodiscard]] Status ask(const std::function<Status()>& look);

 private:
  std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  Status found_;
  std::optional<Clock::time_point> until_;
};

}  // namespace keystone::server
