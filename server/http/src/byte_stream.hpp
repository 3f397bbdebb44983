// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace keystone::server::http {

enum class IoState : unsigned char {
  done,
  wants_read,   // try again when the socket can be read
  wants_write,  // or written
  ended,        // the other side has said that nothing more comes
  failed,       // and nothing further will work
};

struct IoResult {
  IoState state;
  std::size_t bytes = 0;  // with `done`
};

// One end of a connection, which never blocks. No operation raises a signal.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Until `done`, nothing is read or written.
  [[nodiscard]] virtual IoResult handshake() = 0;

  // Some bytes into `out`, at least one.
  [[nodiscard]] virtual IoResult read(std::span<char> out) = 0;

  // Whether a read may give bytes that the socket does not know of any more.
  [[nodiscard]] virtual bool holds_bytes() const = 0;

  // Some of `bytes`, at least one. After `wants_...`, comes again with bytes that begin the same.
  [[nodiscard]] virtual IoResult write(std::string_view bytes) = 0;

  // Says that nothing more comes. Best effort: a peer that is away is not told.
  virtual void end() = 0;

  // After the handshake: the subject of the client's certificate, if it gave one that verifies.
  [[nodiscard]] virtual std::optional<std::string> certificate_subject() const = 0;
};

}  // namespace keystone::server::http
