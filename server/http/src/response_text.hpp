// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/message.hpp"

#include <ctime>
#include <string>
#include <string_view>

// An answer as bytes.
namespace keystone::server::http {

// How the end of the body shows.
enum class Framing : std::uint8_t {
  none,     // it has no body, and says of what length it would be: to HEAD
  length,   // Content-Length
  chunked,  // pieces as chunk() makes them, and kLastChunk
  close,    // the connection's end: a stream to a client of HTTP/1.0
};

struct HeadContext {
  Framing framing;
  bool keeps_alive;
  std::string_view date;  // as date_text() writes it
  std::string_view request_id;
};

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// Whether the status and headers can stand in a head as they are: no line ends and nothing that
// frames the message, which is the transport's.
[[nodiscard]] bool is_sound(const Response& response);

// Whether an answer of that status has a body: not 1xx, 204 and 304.
[[nodiscard]] bool may_have_body(unsigned status);

// The status line and the headers, with the empty line. Requires is_sound().
[[nodiscard]] std::string head_text(const Response& response, const HeadContext& context);

// One chunk; `piece` is not empty.
[[nodiscard]] std::string chunk(std::string_view piece);

// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
[[nodiscard]] std::string date_text(std::time_t time);

}  // namespace keystone::server::http
