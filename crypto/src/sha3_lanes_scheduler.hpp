// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "sha3_lanes_kernel.hpp"

#include <array>

// Which message is in which lane.
namespace keystone::detail::sha3 {

// Where messages come from. A seat holds one of them at a time; there are as many as lanes.
class Feed {
 public:
  Feed() = default;
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Puts the next message on a free seat; false: there are no more.
  [[nodiscard]] virtual bool start(std::size_t seat) = 0;

  // The next blocks of its message, whole ones, the last one padded; none: it has ended. They must
  // stay where they are until the next call for that seat.
  [[nodiscard]] virtual ByteView more(std::size_t seat) = 0;

  // It has ended, and this is its digest. The seat is free.
  virtual void finish(std::size_t seat, std::span<const std::uint8_t, 64> digest) = 0;

 protected:
  ~Feed() = default;
};

// What a path has: `wide` takes `lanes` messages at once, `narrow` takes up to `narrow_lanes` in
// less time. Fewer messages than `least` are hashed faster one after another.
struct Kernels {
  std::size_t least;
  std::size_t lanes;
  Absorb wide;
  std::size_t narrow_lanes;
  Absorb narrow;
};

// The bytes of the last block that `rest`, shorter than a block, begins (FIPS 202, B.2: 01 of
// section 6.1, then 10*1).
[[nodiscard]] std::array<std::uint8_t, kRate> padded(ByteView rest);

// Hashes all that the feed has, on at most `most` seats (at least 1).
void run(Feed& feed, const Kernels& kernels, std::size_t most);

}  // namespace keystone::detail::sha3
