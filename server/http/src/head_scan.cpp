// SPDX-License-Identifier: Apache-2.0
#include "http/src/head_scan.hpp"

#include "keystone/base/http_text.hpp"

namespace keystone::server::http {
namespace {

// Of the request line, beside the target: a method, a version, two spaces.
constexpr std::size_t kRestOfRequestLine = 64;

}  // namespace

std::optional<Refusal> HeadScan::look_at(std::string_view held, const HeadLimits& limits) {
  while (seen_ < held.size() && head_size_ == 0) {
    if (const auto refusal = look_at(held[seen_])) {
      return refusal;
    }
    ++seen_;
    if (last_ == '\n' && line_length_ == 0) {
      head_size_ = seen_;
    }
    if (const auto refusal = over(limits)) {
      return refusal;
    }
    if (last_ == '\n') {
      line_length_ = 0;
    }
  }
  return std::nullopt;
}

std::optional<Refusal> HeadScan::look_at(char c) {
  if ((last_ == '\r') != (c == '\n')) {
    return Refusal{400, "a line of the head does not end with CR LF"};
  }
  if (is_control(c) && c != '\t' && c != '\r' && c != '\n') {
    return Refusal{400, "the head has a control character"};
  }
  if (line_length_ == 0 && (c == ' ' || c == '\t')) {
    return Refusal{400, "a line of the head begins with a space"};
  }
  if (c == '\n') {
    ++lines_;
  } else if (c != '\r') {
    ++line_length_;
  }
  last_ = c;
  return std::nullopt;
}

std::optional<Refusal> HeadScan::over(const HeadLimits& limits) const {
  if (lines_ == 0 && line_length_ > limits.max_target + kRestOfRequestLine) {
    return Refusal{414, "the target is too long"};
  }
  if (seen_ > limits.max_head) {
    return Refusal{431, "the head is too large"};
  }
  if (lines_ > limits.max_headers + 2) {  // the request line and the empty one
    return Refusal{431, "the head has too many headers"};
  }
  return std::nullopt;
}

}  // namespace keystone::server::http
