// SPDX-License-Identifier: Apache-2.0
#include "ed25519/multiply.hpp"
#include "keystone/base/assert.hpp"
#include "point_engine.hpp"

#include <algorithm>
#include <array>

namespace keystone::detail {
namespace {

using ed25519::EncodedPoint;
using ed25519::Extended;

constexpr std::size_t kGroup = 64;  // that share an inversion

struct Combined {
  KeyFault fault;
  Extended sum;
};

Combined combine_one(const PointJob& job) {
  if (job.minus_a != nullptr) {
    return {KeyFault::none, ed25519::combine(*job.s, *job.k, *job.minus_a)};
  }
  const auto key = ed25519::decode(*job.key);
  if (!key) {
    return {KeyFault::not_on_curve, ed25519::kIdentity};
  }
  const auto checked = ed25519::combine_and_check(*job.s, *job.k, ed25519::negate(*key));
  return {checked.has_prime_order ? KeyFault::none : KeyFault::mixed_order, checked.sum};
}

class PortableEngine final : public PointEngine {
 public:
  [[nodiscard]] bool is_reduced(std::span<const std::uint8_t, 32> number) const override {
    return ed25519::is_reduced(number);
  }

  [[nodiscard]] Scalar reduce(std::span<const std::uint8_t, 64> number) const override {
    return ed25519::reduce(number);
  }

  [[nodiscard]] bool takes_tables() const override { return true; }

  void combine(std::span<const PointJob> jobs, std::span<PointResult> results) const override {
    KEYSTONE_ASSERT(jobs.size() == results.size());
    for (std::size_t from = 0; from < jobs.size(); from += kGroup) {
      const std::size_t count = std::min(kGroup, jobs.size() - from);
      combine_group(jobs.subspan(from, count), results.subspan(from, count));
    }
  }

 private:
  static void combine_group(std::span<const PointJob> jobs, std::span<PointResult> results) {
    std::array<Extended, kGroup> sums;
    std::array<EncodedPoint, kGroup> encoded;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const Combined combined = combine_one(jobs[i]);
      results[i].fault = combined.fault;
      sums[i] = combined.sum;
    }
    ed25519::encode_all(std::span(sums).first(jobs.size()), std::span(encoded).first(jobs.size()));
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      results[i].encoded = encoded[i];
    }
  }
};

}  // namespace

const PointEngine& portable_engine() {
  static const PortableEngine engine;
  return engine;
}

}  // namespace keystone::detail
