// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/src/byte_stream.hpp"

namespace keystone::server::http {

// TCP as it is. The socket is somebody else's, and outlives this.
class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(int socket) : socket_(socket) {}

  [[nodiscard]] IoResult handshake() override { return {IoState::done}; }
  [[nodiscard]] IoResult read(std::span<char> out) override;
  [[nodiscard]] bool holds_bytes() const override { return false; }
  [[nodiscard]] IoResult write(std::string_view bytes) override;
  void end() override;
  [[nodiscard]] std::optional<std::string> certificate_subject() const override { return {}; }

 private:
  int socket_;
};

}  // namespace keystone::server::http
