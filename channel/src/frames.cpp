// SPDX-License-Identifier: Apache-2.0
#include "keystone/channel/frames.hpp"

#include "little_endian.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace keystone::channel {
namespace {

std::uint64_t length_at_start(LengthPrefix prefix, ByteView frame) {
  return detail::read_little_endian(frame.first(size_of(prefix)));
}

Error too_large(std::string_view field, std::uint64_t got, FrameFormat format) {
  return {ErrorCode::limit_exceeded, std::string(field) + ": got " + std::to_string(got) +
                                         ", want at most " + std::to_string(format.max_payload())};
}

}  // namespace

Result<std::vector<std::uint8_t>> encode_frame(FrameFormat format, ByteView payload) {
  if (payload.size() > format.max_payload()) {
    return fail(too_large("payload size", payload.size(), format));
  }
  const std::size_t prefix_size = size_of(format.prefix());
  std::vector<std::uint8_t> frame;
  frame.reserve(prefix_size + payload.size());
  detail::append_little_endian(frame, payload.size(), prefix_size);
  detail::append(frame, payload);
  return frame;
}

Status FrameDecoder::feed(ByteView bytes) {
  if (frame_waits()) {
    return fail(ErrorCode::usage, "feed: got bytes while a frame waits, want next() before");
  }
  if (failure_) {
    return fail(*failure_);
  }
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(given_));
  given_ = 0;
  whole_ = 0;
  while (!bytes.empty() && !failure_) {
    const ByteView part = bytes.first(std::min(bytes.size(), missing()));
    detail::append(held_, part);
    bytes = bytes.subspan(part.size());
    look_at_unfinished();
  }
  return {};
}

// How many bytes there are to the end of the prefix, or from there to the end of the frame.
std::size_t FrameDecoder::missing() const {
  const ByteView frame = unfinished();
  const std::size_t prefix_size = size_of(format_.prefix());
  if (frame.size() < prefix_size) {
    return prefix_size - frame.size();
  }
  const std::size_t present = frame.size() - prefix_size;
  return static_cast<std::size_t>(length_at_start(format_.prefix(), frame)) - present;
}

void FrameDecoder::look_at_unfinished() {
  const ByteView frame = unfinished();
  const std::size_t prefix_size = size_of(format_.prefix());
  if (frame.size() < prefix_size) {
    return;
  }
  const std::uint64_t length = length_at_start(format_.prefix(), frame);
  if (length > format_.max_payload()) {
    failure_ = too_large("frame length", length, format_);
    held_.resize(whole_);
  } else if (frame.size() - prefix_size == length) {
    whole_ = held_.size();
  }
}

Result<std::optional<std::vector<std::uint8_t>>> FrameDecoder::next() {
  if (frame_waits()) {
    const ByteView waiting = ByteView(held_).subspan(given_);
    const auto length = static_cast<std::size_t>(length_at_start(format_.prefix(), waiting));
    const ByteView payload = waiting.subspan(size_of(format_.prefix()), length);
    given_ += size_of(format_.prefix()) + length;
    return std::vector<std::uint8_t>(payload.begin(), payload.end());
  }
  if (failure_) {
    return fail(*failure_);
  }
  return std::nullopt;
}

Status FrameDecoder::finish() const {
  if (failure_) {
    return fail(*failure_);
  }
  if (!unfinished().empty()) {
    return fail(ErrorCode::malformed, "stream: got its end " + std::to_string(unfinished().size()) +
                                          " bytes into a frame, want it between frames");
  }
  return {};
}

}  // namespace keystone::channel
