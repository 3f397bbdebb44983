// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/assert.hpp"
#include "point_engine.hpp"

namespace keystone::detail {
namespace {

class LanesEngine final : public PointEngine {
 public:
  explicit LanesEngine(const ed25519::LaneEngine* lanes) : lanes_(lanes) {}

  [[nodiscard]] bool is_available() const { return lanes_ != nullptr; }

  [[nodiscard]] bool is_reduced(std::span<const std::uint8_t, 32> number) const override {
    return ed25519::is_reduced(number);
  }

  [[nodiscard]] Scalar reduce(std::span<const std::uint8_t, 64> number) const override {
    return ed25519::reduce(number);
  }

  [[nodiscard]] bool takes_tables() const override { return true; }

  // One signature under a table is faster without lanes.
  void combine(std::span<const PointJob> jobs, std::span<PointResult> results) const override {
    if (jobs.size() == 1 && jobs.front().minus_a != nullptr) {
      portable_engine().combine(jobs, results);
    } else {
      ed25519::combine_lanes(*lanes_, jobs, results);
    }
  }

 private:
  const ed25519::LaneEngine* lanes_;
};

}  // namespace

const PointEngine* lanes_engine(ed25519::LanePath path) {
  static const LanesEngine avx2(ed25519::lane_engine(ed25519::LanePath::avx2));
  static const LanesEngine ifma(ed25519::lane_engine(ed25519::LanePath::ifma));
  const LanesEngine& engine = path == ed25519::LanePath::ifma ? ifma : avx2;
  return engine.is_available() ? &engine : nullptr;
}

}  // namespace keystone::detail
