// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/assert.hpp"
#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

// Frames on a stream: the length of the payload, then the payload. Nothing here reads or writes a
// socket: the caller carries the bytes, and decides how long it waits for more.
namespace keystone::channel {

// How a length is written; the enumerator's value is its size in bytes.
enum class LengthPrefix : std::uint8_t { u8 = 1, u16_le = 2, u32_le = 4, u64_le = 8 };

[[nodiscard]] constexpr std::size_t size_of(LengthPrefix prefix) {
  return static_cast<std::size_t>(prefix);
}

// The largest number that the prefix can say.
[[nodiscard]] constexpr std::uint64_t largest_length(LengthPrefix prefix) {
  return UINT64_MAX >> (64 - 8 * size_of(prefix));
}

// A length prefix and a bound. There is no format without a bound: the length is a stranger's word.
class FrameFormat {
 public:
  // `max_payload` in bytes, and no more than the prefix can say: else it aborts.
  constexpr FrameFormat(LengthPrefix prefix, std::size_t max_payload)
      : prefix_(prefix), max_payload_(max_payload) {
    KEYSTONE_ASSERT(max_payload <= largest_length(prefix));
  }

  [[nodiscard]] constexpr LengthPrefix prefix() const { return prefix_; }
  [[nodiscard]] constexpr std::size_t max_payload() const { return max_payload_; }

 private:
  LengthPrefix prefix_;
  std::size_t max_payload_;
};

// Ours. No message of ours is larger than a report in JSON, which is read up to 64 KiB.
inline constexpr FrameFormat kOwnFrames(LengthPrefix::u32_le, std::size_t{64} << 10U);

// keystone-demo's: a size_t of its 64-bit machines. The bound is its longest message
// (keystone_demo.hpp, kMaxEnvelope).
inline constexpr FrameFormat kKeystoneDemoFrames(LengthPrefix::u64_le, 4168);

// The frame around `payload`, which may be empty. `limit_exceeded` when it is too large.
[[nodiscard]] Result<std::vector<std::uint8_t>> encode_frame(FrameFormat format, ByteView payload);

// Takes a stream apart into payloads; how its bytes are cut into feeds does not matter.
//
//   KEYSTONE_CHECK_OK(decoder.feed(received));
//   for (;;) {
//     KEYSTONE_TRY(const auto payload, decoder.next());
//     if (!payload) break;  // needs more bytes
//     ...
//   }
//
// Memory: held() is at most the prefix and max_payload bytes of a frame that is not whole yet, and
// the bytes of one feed (the vector behind it may have room for twice as many). A length over the
// bound ends the stream where it is read: not one byte behind that prefix is held.
class FrameDecoder {
 public:
  explicit FrameDecoder(FrameFormat format) : format_(format) {}

  // Takes in the stream's next bytes, any number. When it fails it has taken nothing: with `usage`
  // while a frame waits for next(), so that a peer who sends ahead cannot pile up memory, and with
  // the decoder's failure, if it has failed.
  [[nodiscard]] Status feed(ByteView bytes);

  // The next payload, or `std::nullopt`: it needs more bytes. Fails with `limit_exceeded` at a
  // length over the bound, once every frame before it was given out, and from then on always.
  [[nodiscard]] Result<std::optional<std::vector<std::uint8_t>>> next();

  // For the end of the stream: `malformed` if that cuts a frame, the decoder's failure if it has
  // failed. Frames that wait for next() are whole, and stay.
  [[nodiscard]] Status finish() const;

  // Bytes of the stream in memory.
  [[nodiscard]] std::size_t held() const { return held_.size(); }

 private:
  [[nodiscard]] bool frame_waits() const { return given_ < whole_; }
  [[nodiscard]] ByteView unfinished() const { return ByteView(held_).subspan(whole_); }
  [[nodiscard]] std::size_t missing() const;
  void look_at_unfinished();

  FrameFormat format_;
  std::vector<std::uint8_t> held_;
  std::size_t given_ = 0;  // held_ before this went out through next()
  std::size_t whole_ = 0;  // held_ before this is whole frames; behind it, the start of one
  std::optional<Error> failure_;
};

}  // namespace keystone::channel
