// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace keystone::detail {

// The waits between attempts of one errand: each about twice as long as the one before, less a
// random part of up to a half, so that clients that failed together do not come back together.
class Retries {
 public:
  using Sleep = std::function<void(std::chrono::milliseconds)>;

  static constexpr std::chrono::milliseconds kFirst{200};
  static constexpr std::chrono::milliseconds kLongest{10'000};
  static constexpr std::chrono::seconds kMostObeyed{60};  // of a server's Retry-After

  Retries(unsigned count, const Sleep& sleep) : left_(count), sleep_(sleep) {}

  // Waits, at least as long as the server wants; false, without a wait, if there is no attempt left
  // or the server wants too long.
  [[nodiscard]] bool wait(std::optional<std::chrono::seconds> at_least = std::nullopt);

 private:
  unsigned left_;
  std::chrono::milliseconds next_ = kFirst;
  const Sleep& sleep_;
};

}  // namespace keystone::detail
