// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/src/refusal.hpp"

#include <optional>
#include <string_view>

namespace keystone::server::http {

struct HeadLimits {
  std::size_t max_head;     // bytes
  std::size_t max_headers;  // lines
  std::size_t max_target;   // bytes
};

// Looks for the end of a request's head while its bytes come in, and refuses at once what can
// never become one: a lone CR or LF, control characters, folded lines, too much of anything. Each
// byte is looked at once.
class HeadScan {
 public:
  // `held`: the head's bytes so far, from the first one on; grows between calls.
  [[nodiscard]] std::optional<Refusal> look_at(std::string_view held, const HeadLimits& limits);

  // Nought: not there yet. Otherwise how many bytes the head has, the empty line included.
  [[nodiscard]] std::size_t head_size() const { return head_size_; }

 private:
  [[nodiscard]] std::optional<Refusal> look_at(char c);
  [[nodiscard]] std::optional<Refusal> over(const HeadLimits& limits) const;

  std::size_t seen_ = 0;
  std::size_t head_size_ = 0;
  std::size_t lines_ = 0;        // ended
  std::size_t line_length_ = 0;  // of the one that goes on
  char last_ = '\n';
};

}  // namespace keystone::server::http
