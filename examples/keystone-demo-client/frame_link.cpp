// SPDX-License-Identifier: Apache-2.0
#include "frame_link.hpp"

namespace demo {
namespace {

using keystone::channel::kKeystoneDemoFrames;

constexpr std::size_t kLongestFrame =
    size_of(kKeystoneDemoFrames.prefix()) + kKeystoneDemoFrames.max_payload();

}  // namespace

keystone::Status FrameLink::send(keystone::ByteView payload, Deadline deadline) const {
  KEYSTONE_TRY(const auto frame, keystone::channel::encode_frame(kKeystoneDemoFrames, payload));
  return connection_.send(frame, deadline);
}

keystone::Result<std::vector<std::uint8_t>> FrameLink::receive(Deadline deadline) {
  for (;;) {
    KEYSTONE_TRY(auto payload, decoder_.next());
    if (payload) {
      return *std::move(payload);
    }
    KEYSTONE_TRY(const auto bytes, connection_.receive(kLongestFrame, deadline));
    if (bytes.empty()) {
      KEYSTONE_CHECK_OK(decoder_.finish());
      return keystone::fail(keystone::ErrorCode::unreachable,
                            connection_.peer() + ": closed the connection");
    }
    KEYSTONE_CHECK_OK(decoder_.feed(bytes));
  }
}

}  // namespace demo
