// SPDX-License-Identifier: Apache-2.0
// However the bytes of a connection are cut, they are the same requests, each within its limits
// and fit for a handler, and end with the same refusal.
#include "http/src/request_reader.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/http_text.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>
#include <vector>

namespace {

namespace http = keystone::server::http;
using State = http::RequestReader::State;

constexpr http::HeadLimits kLimits = {2000, 20, 300};
constexpr std::size_t kMaxBody = 500;

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), keystone::is_visible);
}

void check(const http::Request& request) {
  KEYSTONE_ASSERT(!request.method.empty() && request.body.size() <= kMaxBody);
  KEYSTONE_ASSERT(request.path == "*" || request.path.front() == '/');
  KEYSTONE_ASSERT(is_visible(request.path) && is_visible(request.query));
  KEYSTONE_ASSERT(request.path.size() + request.query.size() <= kLimits.max_target);
  KEYSTONE_ASSERT(request.headers.size() <= kLimits.max_headers);
  for (const char* const name : {"Host", "Content-Length", "Transfer-Encoding"}) {
    KEYSTONE_ASSERT(!request.has_twice(name));
  }
  KEYSTONE_ASSERT(request.header("Content-Length") == nullptr ||
                  request.header("Transfer-Encoding") == nullptr);
  for (const http::Header& header : request.headers) {
    KEYSTONE_ASSERT(
        std::all_of(header.name.begin(), header.name.end(), keystone::is_token_character));
    KEYSTONE_ASSERT(std::none_of(header.value.begin(), header.value.end(),
                                 [](char c) { return keystone::is_control(c) && c != '\t'; }));
  }
}

std::string text_of(const http::Request& request) {
  std::string text = request.method + " " + request.path + " " + request.query + "\n";
  for (const http::Header& header : request.headers) {
    text += header.name + ": " + header.value + "\n";
  }
  return text + "\n" + request.body;
}

std::vector<std::string> read(std::string_view bytes, std::size_t step) {
  http::RequestReader reader;
  std::vector<std::string> seen;
  while (!bytes.empty() && reader.state() != State::refused) {
    State state = reader.feed(bytes.substr(0, step), kLimits);
    bytes.remove_prefix(std::min(step, bytes.size()));
    while (state == State::has_head || state == State::complete) {
      if (state == State::has_head) {
        state = reader.expect_body(kMaxBody);
        continue;
      }
      const http::Request request = reader.take(kLimits);
      check(request);
      seen.push_back(text_of(request));
      state = reader.state();
    }
  }
  if (reader.state() == State::refused) {
    seen.push_back(std::to_string(reader.refusal().status));
  }
  return seen;
}

}  // namespace

void keystone::fuzz(ByteView input) {
  const std::string bytes(input.begin(), input.end());
  const auto whole = read(bytes, std::max<std::size_t>(bytes.size(), 1));
  KEYSTONE_ASSERT(read(bytes, 1) == whole);
  KEYSTONE_ASSERT(read(bytes, 13) == whole);
}
