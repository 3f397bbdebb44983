// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/message.hpp"
#include "http/src/head_scan.hpp"
#include "keystone/base/http_chunks.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace keystone::server::http {

// Reads one request after the other from the bytes of a connection. No input or output of its own:
// bytes go in as they come, in pieces of any size, and what they amount to comes out.
//
// Held: the head up to its limit, the body up to what expect_body() allows, and what was fed beyond
// the request; nothing between requests.
class RequestReader {
 public:
  enum class State : std::uint8_t {
    idle,      // not a byte of the next request is here
    head,      // its head is not complete
    has_head,  // it is: expect_body() says how to go on
    body,      // its body is not complete
    complete,  // take() gives it
    refused,   // refusal() says why; there is no way on
  };

  RequestReader() = default;
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Adds bytes, and goes on as far as they allow.
  State feed(std::string_view bytes, const HeadLimits& limits);

  // In `has_head`: goes on with the body, of `max_body` bytes at most.
  State expect_body(std::size_t max_body);

  // In `complete`: the request (without peer, id and listener). Goes on with the next one.
  [[nodiscard]] Request take(const HeadLimits& limits);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

  // From `has_head` to `complete`, and of a refused request as far as it was read; the body so far.
  // What is set in it beside the body, take() gives back.
  [[nodiscard]] Request& request() { return request_; }

  // Of the last head that was complete.
  [[nodiscard]] bool is_http_1_1() const { return is_http_1_1_; }
  [[nodiscard]] bool wants_keep_alive() const { return wants_keep_alive_; }
  [[nodiscard]] bool has_body() const { return chunks_ || length_ > 0; }

  // The client waits for a go-ahead before it sends the body, and has sent none of it.
  [[nodiscard]] bool waits_for_continue() const;

 private:
  State go_on(const HeadLimits& limits);
  State read_head(const HeadLimits& limits);
  State parse_head(const HeadLimits& limits);
  State read_body();
  State read_chunks();
  State refuse(Refusal refusal);
  void drop_held(std::size_t count);

  State state_ = State::idle;
  std::string held_;           // not used yet
  bool may_skip_line_ = true;  // an empty one, before the head
  HeadScan scan_;
  std::optional<ChunkDecoder> chunks_;  // if the body comes in them
  std::size_t length_ = 0;              // of the body, otherwise
  std::size_t max_body_ = 0;
  Request request_;
  bool is_http_1_1_ = true;
  bool wants_keep_alive_ = false;
  Refusal refusal_ = {};
};

}  // namespace keystone::server::http
