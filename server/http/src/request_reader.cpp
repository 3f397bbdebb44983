// SPDX-License-Identifier: Apache-2.0
#include "http/src/request_reader.hpp"

#include "http/src/head_rules.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/http_text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

namespace keystone::server::http {
namespace {

namespace beast = boost::beast;
using ErrorCodeOfBeast = beast::error_code;
using TextOfBeast = beast::string_view;

std::string_view view(TextOfBeast text) {
  return {text.data(), text.size()};
}

// Whether the request line of a head ends with a version of HTTP that is not 1.
bool has_other_version(std::string_view head) {
  constexpr std::string_view kName = " HTTP/";
  const std::string_view line = head.substr(0, head.find('\r'));
  const std::size_t at = line.rfind(kName);
  const std::string_view version =
      at == std::string_view::npos ? std::string_view() : line.substr(at + kName.size());
  return version.size() == 3 && is_digit(version[0]) && version[0] != '1' && version[1] == '.' &&
         is_digit(version[2]);
}

Refusal refusal_of(const ErrorCodeOfBeast& error, std::string_view head) {
  if (error == beast::http::error::bad_version && has_other_version(head)) {
    return {505, "the request is not one of HTTP/1.1"};
  }
  return {400, "the request is malformed"};
}

// Beast's grammar of a head; what it finds goes straight into a Request. Bodies are not left to it:
// its reader of chunks takes trailers for headers, and asserts on a last chunk that comes in
// pieces.
class HeadParser final : public beast::http::basic_parser<true> {
 public:
  explicit HeadParser(Request& request) : request_(request) {
    // Ours are narrower, and checked already or to come; boost::none would be less than any size.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(std::numeric_limits<std::uint64_t>::max());
    eager(false);
  }

  [[nodiscard]] const std::string& target() const { return target_; }
  [[nodiscard]] bool is_http_1_1() const { return version_ == 11; }

 private:
  void on_request_impl(beast::http::verb, TextOfBeast method, TextOfBeast target, int version,
                       ErrorCodeOfBeast&) override {
    request_.method = view(method);
    target_ = view(target);
    version_ = version;
  }
  void on_response_impl(int, TextOfBeast, int, ErrorCodeOfBeast&) override {}
  void on_field_impl(beast::http::field, TextOfBeast name, TextOfBeast value,
                     ErrorCodeOfBeast&) override {
    request_.headers.push_back({std::string(view(name)), std::string(view(value))});
  }
  void on_header_impl(ErrorCodeOfBeast&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCodeOfBeast&) override {}
  std::size_t on_body_impl(TextOfBeast, ErrorCodeOfBeast&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, TextOfBeast, ErrorCodeOfBeast&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, TextOfBeast, ErrorCodeOfBeast&) override {
    return 0;
  }
  void on_finish_impl(ErrorCodeOfBeast&) override {}

  Request& request_;
  std::string target_;
  int version_ = 0;
};

}  // namespace

RequestReader::State RequestReader::feed(std::string_view bytes, const HeadLimits& limits) {
  held_ += bytes;
  return go_on(limits);
}

RequestReader::State RequestReader::go_on(const HeadLimits& limits) {
  switch (state_) {
    case State::idle:
    case State::head:
      return read_head(limits);
    case State::body:
      return read_body();
    case State::has_head:
    case State::complete:
    case State::refused:
      break;
  }
  return state_;
}

RequestReader::State RequestReader::read_head(const HeadLimits& limits) {
  constexpr std::string_view kEmptyLine = "\r\n";
  if (state_ == State::idle && may_skip_line_) {  // some clients end a body with one
    if (kEmptyLine.substr(0, held_.size()) == held_) {
      return state_;
    }
    if (std::string_view(held_).substr(0, kEmptyLine.size()) == kEmptyLine) {
      drop_held(kEmptyLine.size());
    }
    may_skip_line_ = false;
  }
  if (held_.empty()) {
    return state_;
  }
  state_ = State::head;
  if (const auto refusal = scan_.look_at(held_, limits)) {
    return refuse(*refusal);
  }
  return scan_.head_size() == 0 ? state_ : parse_head(limits);
}

RequestReader::State RequestReader::parse_head(const HeadLimits& limits) {
  request_ = Request();
  HeadParser parser(request_);
  ErrorCodeOfBeast error;
  const std::size_t used = parser.put({held_.data(), scan_.head_size()}, error);
  is_http_1_1_ = parser.is_http_1_1();
  if (error) {
    return refuse(refusal_of(error, held_));
  }
  KEYSTONE_ASSERT(parser.is_header_done() && used == scan_.head_size());
  if (parser.target().size() > limits.max_target) {
    return refuse({414, "the target is too long"});
  }
  if (const auto refusal = take_target(parser.target(), request_)) {
    return refuse(*refusal);
  }
  if (const auto refusal = check_headers(request_, is_http_1_1_)) {
    return refuse(*refusal);
  }
  wants_keep_alive_ = is_http_1_1_ && parser.keep_alive();
  const auto length = parser.content_length();
  chunks_.reset();
  if (request_.header("Transfer-Encoding") != nullptr) {
    chunks_.emplace(limits.max_head);
  }
  length_ = static_cast<std::size_t>(length.value_or(0));
  drop_held(used);
  return state_ = State::has_head;
}

RequestReader::State RequestReader::expect_body(std::size_t max_body) {
  KEYSTONE_ASSERT(state_ == State::has_head);
  if (length_ > max_body) {
    return refuse({413, "the body is too large"});
  }
  max_body_ = max_body;
  state_ = State::body;
  return read_body();
}

RequestReader::State RequestReader::read_body() {
  if (chunks_) {
    return read_chunks();
  }
  std::string& body = request_.body;
  const std::size_t count = std::min(length_ - body.size(), held_.size());
  body.append(held_, 0, count);
  drop_held(count);
  return state_ = body.size() == length_ ? State::complete : State::body;
}

RequestReader::State RequestReader::read_chunks() {
  std::string_view rest = held_;
  const auto outcome = chunks_->decode(rest, request_.body, max_body_);
  switch (outcome) {
    case ChunkDecoder::Outcome::malformed:
      return refuse({400, "the chunks of the body are malformed"});
    case ChunkDecoder::Outcome::too_large:
      return refuse({413, "the body is too large"});
    case ChunkDecoder::Outcome::wants_more:
    case ChunkDecoder::Outcome::complete:
      break;
  }
  drop_held(held_.size() - rest.size());
  return state_ = outcome == ChunkDecoder::Outcome::complete ? State::complete : State::body;
}

Request RequestReader::take(const HeadLimits& limits) {
  KEYSTONE_ASSERT(state_ == State::complete);
  Request taken = std::exchange(request_, Request());
  state_ = State::idle;
  scan_ = HeadScan();
  may_skip_line_ = true;
  (void)go_on(limits);
  return taken;
}

bool RequestReader::waits_for_continue() const {
  return state_ == State::body && is_http_1_1_ && held_.empty() && request_.body.empty() &&
         request_.header("Expect") != nullptr;
}

RequestReader::State RequestReader::refuse(Refusal refusal) {
  refusal_ = refusal;
  held_ = std::string();
  return state_ = State::refused;
}

// What remains keeps no more memory than it needs.
void RequestReader::drop_held(std::size_t count) {
  held_ = held_.substr(count);
}

}  // namespace keystone::server::http
