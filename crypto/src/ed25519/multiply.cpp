// SPDX-License-Identifier: Apache-2.0
#include "ed25519/multiply.hpp"

#include <algorithm>
#include <cstdlib>

namespace keystone::detail::ed25519 {
namespace {

constexpr unsigned kWidth = 5;
using Digits = std::array<std::int8_t, 256>;

// A reduced scalar is below 2^253, so its non-adjacent form has no digit from here on.
constexpr std::size_t kDoublings = 254;

// Sums d Q over odd digits d and points Q as they come: the points of each digit are added up apart
// and multiplied by the digit once, at the end.
class OddSum {
 public:
  void add(int digit, const Cached& point) {
    Extended& bucket = buckets_[static_cast<std::size_t>(std::abs(digit)) / 2];
    bucket = to_extended(ed25519::add(bucket, digit < 0 ? negate(point) : point));
  }

  // b[0] + 3 b[1] + 5 b[2] + ... = t[0] + 2 (t[1] + t[2] + ...) with t[i] = b[i] + b[i + 1] + ...
  [[nodiscard]] Extended total() const {
    Extended tail = buckets_.back();
    Extended tails = tail;
    for (std::size_t i = buckets_.size() - 2; i > 0; --i) {
      tail = plus(tail, buckets_[i]);
      tails = plus(tails, tail);
    }
    return plus(to_extended(twice(without_t(tails))), plus(tail, buckets_[0]));
  }

 private:
  static Extended plus(const Extended& a, const Extended& b) {
    return to_extended(ed25519::add(a, to_cached(b)));
  }

  static constexpr std::size_t kBuckets = std::size_t{1} << (kWidth - 2);
  std::array<Extended, kBuckets> buckets_ = filled();

  static std::array<Extended, kBuckets> filled() {
    std::array<Extended, kBuckets> buckets{};
    buckets.fill(kIdentity);
    return buckets;
  }
};

const Digits& order_digits() {
  static const Digits digits = non_adjacent_form(kGroupOrder, kWidth);
  return digits;
}

// use(i, 2^i p) for each i below kDoublings that `is_used` says yes to.
template <class IsUsed, class Use>
void for_each_doubling(const Extended& p, IsUsed is_used, Use use) {
  Projective power = without_t(p);
  if (is_used(0)) {
    use(0, to_cached(p));
  }
  for (std::size_t i = 1; i < kDoublings; ++i) {
    const Completed doubled = twice(power);
    if (is_used(i)) {
      const Extended extended = to_extended(doubled);
      use(i, to_cached(extended));
      power = without_t(extended);
    } else {
      power = to_projective(doubled);
    }
  }
}

// The digits of a scalar, and the entries of a table that they select.
class Selection {
 public:
  Selection(const Scalar& scalar, const KeyTable& table)
      : table_(table), digits_(signed_windows(scalar, table.width())) {}

  // Tells the processor which entries will be read: a table is larger than its nearest caches.
  void prefetch() const {
    for (unsigned i = 0; i < table_.windows(); ++i) {
      const Niels& entry = table_.at(i, std::max(1U, magnitude(i)));
      __builtin_prefetch(&entry);
      __builtin_prefetch(&entry.xy2d);  // in the second of its two cache lines
    }
  }

  // sum + the multiple, without doublings.
  [[nodiscard]] Extended add_to(Extended sum) const {
    for (unsigned i = 0; i < table_.windows(); ++i) {
      if (digits_[i] != 0) {
        const Niels& entry = table_.at(i, magnitude(i));
        sum = to_extended(digits_[i] < 0 ? subtract(sum, entry) : add(sum, entry));
      }
    }
    return sum;
  }

 private:
  [[nodiscard]] unsigned magnitude(unsigned i) const {
    return static_cast<unsigned>(std::abs(digits_[i]));
  }

  const KeyTable& table_;
  std::array<std::int16_t, kMaxWindows> digits_;
};

}  // namespace

Extended combine(const Scalar& s, const Scalar& k, const KeyTable& p) {
  const Selection of_k(k, p);
  of_k.prefetch();
  return of_k.add_to(Selection(s, base_table()).add_to(kIdentity));
}

Combination combine_and_check(const Scalar& s, const Scalar& k, const Extended& p) {
  const Digits of_k = non_adjacent_form(k, kWidth);
  const Digits& of_order = order_digits();
  OddSum k_p;
  OddSum order_p;
  for_each_doubling(
      p, [&](std::size_t i) { return of_k[i] != 0 || of_order[i] != 0; },
      [&](std::size_t i, const Cached& power) {
        if (of_k[i] != 0) {
          k_p.add(of_k[i], power);
        }
        if (of_order[i] != 0) {
          order_p.add(of_order[i], power);
        }
      });
  return {is_identity(order_p.total()), Selection(s, base_table()).add_to(k_p.total())};
}

bool has_prime_order(const Extended& p) {
  const Digits& of_order = order_digits();
  OddSum order_p;
  for_each_doubling(
      p, [&](std::size_t i) { return of_order[i] != 0; },
      [&](std::size_t i, const Cached& power) { order_p.add(of_order[i], power); });
  return is_identity(order_p.total());
}

}  // namespace keystone::detail::ed25519
