// SPDX-License-Identifier: Apache-2.0
#include "retry.hpp"

#include "keystone/crypto/random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace keystone::detail {
namespace {

// From a half of it to all of it.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds wait) {
  std::array<std::uint8_t, 2> random{};
  fill_random(random);
  const auto part = random[0] * 256 + random[1];  // of 65536
  return wait / 2 + wait * part / (2 * 65536);
}

}  // namespace

bool Retries::wait(std::optional<std::chrono::seconds> at_least) {
  if (left_ == 0 || at_least > kMostObeyed) {
    return false;
  }
  --left_;
  const std::chrono::milliseconds wanted = at_least.value_or(std::chrono::seconds(0));
  sleep_(std::max(with_jitter(next_), wanted));
  next_ = std::min(next_ * 2, kLongest);
  return true;
}

}  // namespace keystone::detail
