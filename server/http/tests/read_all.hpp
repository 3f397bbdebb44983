// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/src/request_reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::server::http {

using State = RequestReader::State;
using Lines = std::vector<std::string>;

inline constexpr HeadLimits kLimits = {1000, 20, 200};
inline constexpr std::size_t kMaxBody = 100;

// Reads all of `bytes`, `step` at a time: a line for each request, and the status of a refusal.
inline Lines read_all(std::string_view bytes, std::size_t step) {
  RequestReader reader;
  Lines seen;
  while (!bytes.empty() && reader.state() != State::refused) {
    State state = reader.feed(bytes.substr(0, step), kLimits);
    bytes.remove_prefix(std::min(step, bytes.size()));
    while (state == State::has_head || state == State::complete) {
      if (state == State::has_head) {
        state = reader.expect_body(kMaxBody);
        continue;
      }
      const Request request = reader.take(kLimits);
      seen.push_back(request.method + " " + request.path + "?" + request.query + " " +
                     request.body);
      state = reader.state();
    }
  }
  if (reader.state() == State::refused) {
    seen.push_back(std::to_string(reader.refusal().status));
  }
  return seen;
}

// The same, in one piece; and it must not matter how the bytes are cut.
inline Lines read_all(std::string_view bytes) {
  Lines whole = read_all(bytes, bytes.size());
  for (const std::size_t step : {1U, 2U, 7U}) {
    EXPECT_EQ(read_all(bytes, step), whole) << "in steps of " << step;
  }
  return whole;
}

inline Lines refused(unsigned status) {
  return {std::to_string(status)};
}

inline std::string get(std::string_view headers, std::string_view target = "/") {
  std::string text = "GET ";
  return text.append(target).append(" HTTP/1.1\r\n").append(headers).append("\r\n");
}

inline std::string post(std::string_view headers, std::string_view body) {
  std::string text = "POST /p HTTP/1.1\r\nHost: a\r\n";
  return text.append(headers).append("\r\n").append(body);
}

}  // namespace keystone::server::http
