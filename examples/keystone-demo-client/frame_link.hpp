// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connection.hpp"
#include <keystone/channel/frames.hpp>

#include <vector>

namespace demo {

// keystone-demo's frames over a connection. What the peer sends is held up to the longest frame of
// the protocol, and no further.
class FrameLink {
 public:
  explicit FrameLink(Connection connection) : connection_(std::move(connection)) {}

  // Sends `payload` as one frame.
  [[nodiscard]] keystone::Status send(keystone::ByteView payload, Deadline deadline) const;

  // The payload of the next frame. `limit_exceeded` for one that is too long, `malformed` for a
  // stream that ends within one, `unreachable` for a peer that says nothing more, or not in time.
  [[nodiscard]] keystone::Result<std::vector<std::uint8_t>> receive(Deadline deadline);

 private:
  Connection connection_;
  keystone::channel::FrameDecoder decoder_{keystone::channel::kKeystoneDemoFrames};
};

}  // namespace demo
