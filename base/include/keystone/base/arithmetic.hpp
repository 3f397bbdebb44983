// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/assert.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

// Arithmetic on sizes and addresses that hostile input chose: no result where it would wrap.
namespace keystone {

[[nodiscard]] constexpr std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
  if (b > std::numeric_limits<std::uint64_t>::max() - a) {
    return std::nullopt;
  }
  return a + b;
}

// `value` rounded up to a multiple of `unit`, a power of two.
[[nodiscard]] constexpr std::optional<std::uint64_t> checked_round_up(std::uint64_t value,
                                                                      std::uint64_t unit) {
  const auto sum = checked_add(value, unit - 1);
  return sum ? std::optional(*sum & ~(unit - 1)) : std::nullopt;
}

// Whether [offset, offset + size) lies in [0, limit), without computing a sum that could wrap.
[[nodiscard]] constexpr bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) {
  return size <= limit && offset <= limit - size;
}

// The same number in another integer type. That it fits is for the caller to know: else it aborts.
template <class To, class From>
[[nodiscard]] constexpr To narrow(From value) {
  static_assert(std::is_integral_v<To> && std::is_integral_v<From>);
  KEYSTONE_ASSERT(std::in_range<To>(value));
  return static_cast<To>(value);
}

}  // namespace keystone
