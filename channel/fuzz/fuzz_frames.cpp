// SPDX-License-Identifier: Apache-2.0
// However a stream of frames is cut, what decodes encodes to the bytes it came from, and what is
// held stays within the bound.
#include "keystone/channel/frames.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>

namespace {

void check(keystone::channel::FrameFormat format, keystone::ByteView input, std::size_t step) {
  const std::size_t largest = size_of(format.prefix()) + format.max_payload();
  keystone::channel::FrameDecoder decoder(format);
  std::size_t end = 0;  // of the frames so far
  bool alive = true;
  for (std::size_t at = 0; alive && at < input.size(); at += step) {
    KEYSTONE_ASSERT(decoder.feed(input.subspan(at, std::min(step, input.size() - at))));
    KEYSTONE_ASSERT(decoder.held() < largest + step);
    auto payload = decoder.next();
    for (; payload && *payload; payload = decoder.next()) {
      const auto frame = encode_frame(format, **payload).value();
      KEYSTONE_ASSERT(frame.size() <= input.size() - end);
      KEYSTONE_ASSERT(std::equal(frame.begin(), frame.end(), input.subspan(end).begin()));
      end += frame.size();
    }
    alive = payload.has_value();
  }
  KEYSTONE_ASSERT(decoder.finish().has_value() == (end == input.size()));
}

}  // namespace

void keystone::fuzz(ByteView input) {
  for (const std::size_t step : {5U, 64U}) {
    check(channel::kOwnFrames, input, step);
    check(channel::kKeystoneDemoFrames, input, step);
    check({channel::LengthPrefix::u8, 100}, input, step);
    check({channel::LengthPrefix::u16_le, 100}, input, step);
  }
}
