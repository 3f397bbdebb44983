// SPDX-License-Identifier: Apache-2.0
#include "sha3_lanes_scheduler.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>

namespace keystone::detail::sha3 {
namespace {

// The lanes that are in use are always the first ones, so that the last few messages can go on in
// a narrow kernel.
class Scheduler {
 public:
  Scheduler(Feed& feed, const Kernels& kernels) : feed_(feed), kernels_(kernels) {}

  void run(std::size_t most) {
    for (std::size_t seat = 0; seat < std::min(most, kernels_.lanes); ++seat) {
      lanes_[used_].seat = seat;
      if (!start(used_)) {
        break;
      }
      ++used_;
    }
    for (refill(); used_ > 0; refill()) {
      absorb();
    }
  }

 private:
  struct Lane {
    std::size_t seat = 0;
    ByteView blocks{};
  };

  bool start(std::size_t lane) {
    for (auto& word : states_.words) {
      word[lane] = 0;
    }
    return feed_.start(lanes_[lane].seat);
  }

  // Every lane that is used has blocks after this.
  void refill() {
    for (std::size_t lane = 0; lane < used_;) {
      if (lanes_[lane].blocks.empty()) {
        lanes_[lane].blocks = feed_.more(lanes_[lane].seat);
        KEYSTONE_ASSERT(lanes_[lane].blocks.size() % kRate == 0);
      }
      if (!lanes_[lane].blocks.empty()) {
        ++lane;
        continue;
      }
      finish(lane);
      if (!start(lane)) {
        leave(lane);
      }
    }
  }

  void finish(std::size_t lane) {
    std::array<std::uint8_t, 64> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
      digest[i] = static_cast<std::uint8_t>(states_.words[i / 8][lane] >> (8 * (i % 8)));
    }
    feed_.finish(lanes_[lane].seat, digest);
  }

  // The last lane takes the place of this one.
  void leave(std::size_t lane) {
    --used_;
    lanes_[lane] = lanes_[used_];
    for (auto& word : states_.words) {
      word[lane] = word[used_];
    }
  }

  // As many blocks of every message as the one with the fewest has.
  void absorb() {
    const auto used = std::span(lanes_).first(used_);
    std::size_t bytes = used.front().blocks.size();
    for (const Lane& lane : used) {
      bytes = std::min(bytes, lane.blocks.size());
    }
    std::array<const std::uint8_t*, kMaxLanes> in{};
    in.fill(used.front().blocks.data());  // a lane without a message hashes somebody else's
    for (std::size_t lane = 0; lane < used_; ++lane) {
      in[lane] = lanes_[lane].blocks.data();
      lanes_[lane].blocks = lanes_[lane].blocks.subspan(bytes);
    }
    const Absorb kernel = used_ <= kernels_.narrow_lanes ? kernels_.narrow : kernels_.wide;
    kernel(states_, in.data(), bytes / kRate);
  }

  Feed& feed_;
  const Kernels& kernels_;
  LaneStates states_{};
  std::array<Lane, kMaxLanes> lanes_{};
  std::size_t used_ = 0;
};

}  // namespace

std::array<std::uint8_t, kRate> padded(ByteView rest) {
  KEYSTONE_ASSERT(rest.size() < kRate);
  std::array<std::uint8_t, kRate> block{};
  std::copy(rest.begin(), rest.end(), block.begin());
  block[rest.size()] = 0x06;
  block.back() |= 0x80;
  return block;
}

void run(Feed& feed, const Kernels& kernels, std::size_t most) {
  Scheduler(feed, kernels).run(most);
}

}  // namespace keystone::detail::sha3
