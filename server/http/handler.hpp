// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/message.hpp"

#include <chrono>
#include <cstdint>

namespace keystone::server::http {

// What the transport tells of itself, for logs and metrics. Nothing in it is secret: no query, no
// header, no body.
struct TransportEvent {
  enum class Kind : std::uint8_t {
    request_finished,    // answered, by the handler or by the transport, or broken off
    connection_opened,   //
    connection_closed,   // `reason`: whose doing it was
    connection_refused,  // closed unread; `reason`: the limit, or why nothing is accepted
  };

  Kind kind = Kind::request_finished;
  std::string listener = {};
  std::string peer = {};        // the address; of a request, behind proxies too
  std::string request_id = {};  // this and what follows, of a request only
  std::string method = {};      // empty if the request could not be read
  std::string path = {};
  unsigned status = 0;                  // that was sent; 0: none, as the client had gone
  bool complete = false;                // the whole answer was handed to the system
  std::uint64_t received = 0;           // bytes of the request's body
  std::uint64_t sent = 0;               // bytes of the answer's body, as the handler made it
  std::chrono::nanoseconds duration{};  // from the head's first byte to the answer's last
  std::string reason = {};              // of a connection, one of a few fixed words
};

// A body that may be longer is a large one. In bytes.
inline constexpr std::size_t kLargeBody = std::size_t{64} << 10U;

// What answers requests. Every function may be called on several threads at once.
class Handler {
 public:
  virtual ~Handler() = default;

  // The most bytes that a request's body may have. Asked before the body is read, on an event loop:
  // must not block.
  [[nodiscard]] virtual std::size_t max_body(std::string_view method,
                                             std::string_view path) const = 0;

  // Asked before any body is read that may have more than kLargeBody bytes: an answer turns the
  // request away, its body unread, and is the last one of the connection. Called on a worker, may
  // block. An exception becomes an answer as in handle().
  [[nodiscard]] virtual std::optional<Response> turn_away(const Request& /*head*/) {
    return std::nullopt;
  }

  // On whose account the request goes, for the limit per key: a digest, never the secret itself.
  // Nothing: nobody's. Called before the body is read, on an event loop: must not block.
  [[nodiscard]] virtual std::optional<std::string> rate_key(const Request& head) const = 0;

  // Answers. Called on a worker, may block. An exception becomes a bare 500, and std::bad_alloc a
  // bare 503.
  [[nodiscard]] virtual Response handle(const Request& request) = 0;

  // The body and media type of the transport's own refusals: 400, 408, 413, 414, 417, 429, 431,
  // 500, 501, 503, 505. `reason` is a fixed text of the transport's, fit for the client. Called on
  // an event loop: must not block.
  [[nodiscard]] virtual Response refuse(unsigned status, std::string_view request_id,
                                        std::string_view reason) const = 0;

  // Called on an event loop: must not block.
  virtual void on_event(const TransportEvent& event) = 0;
};

}  // namespace keystone::server::http
