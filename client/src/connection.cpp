// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include "keystone/base/http_chunks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

namespace keystone::detail {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t kMaxHeader = 16 * 1024;  // bytes
constexpr std::size_t kReadAhead = std::size_t{64} * 1024;
constexpr std::size_t kPiece = 16 * 1024;  // bytes read at once

std::vector<tcp::endpoint> endpoints_of(const std::vector<SocketAddress>& addresses) {
  std::vector<tcp::endpoint> endpoints;
  for (const SocketAddress& address : addresses) {
    tcp::endpoint endpoint;
    if (address.size <= endpoint.capacity()) {
      std::memcpy(endpoint.data(), &address.storage, address.size);
      endpoint.resize(address.size);
      endpoints.push_back(endpoint);
    }
  }
  return endpoints;
}

std::optional<std::chrono::seconds> read_seconds(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = problem == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(std::chrono::seconds(number)) : std::nullopt;
}

std::string text_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

// Takes a body off the bytes that follow a head. Beast does not: its reader of chunks asserts that
// the last one comes in one piece, and what a server sends must not end the program.
class BodyReader {
 public:
  // In chunks, or of that many bytes.
  BodyReader(bool has_chunks, std::uint64_t length, std::size_t most)
      : has_chunks_(has_chunks), length_(length), most_(most) {}

  // Whether all of it is there.
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] std::string& body() { return body_; }

  [[nodiscard]] error_code take(std::string_view bytes) {
    if (!has_chunks_) {
      if (length_ > most_) {
        return http::error::body_limit;
      }
      body_ += bytes.substr(0, static_cast<std::size_t>(length_) - body_.size());
      is_complete_ = body_.size() == length_;
      return {};
    }
    switch (chunks_.decode(bytes, body_, most_)) {
      case ChunkDecoder::Outcome::malformed:
        return http::error::bad_chunk;
      case ChunkDecoder::Outcome::too_large:
        return http::error::body_limit;
      case ChunkDecoder::Outcome::complete:
        is_complete_ = true;
        break;
      case ChunkDecoder::Outcome::wants_more:
        break;
    }
    return {};
  }

 private:
  bool has_chunks_;
  std::uint64_t length_;
  std::size_t most_;
  ChunkDecoder chunks_{kMaxHeader};
  std::string body_;
  bool is_complete_ = false;
};

}  // namespace

template <class Start>
error_code Connection::wait(const Start& start) {
  bool is_done = false;
  error_code outcome;
  start([&](const error_code& code, const auto&...) {
    is_done = true;
    outcome = code;
  });
  io_.restart();
  io_.run_until(deadline_);
  if (is_done) {
    return outcome;
  }
  // What is under way refers to this frame: it is ended before the frame is.
  error_code ignored;
  socket_.close(ignored);
  io_.restart();
  io_.run();
  return asio::error::timed_out;
}

error_code Connection::connect(const std::vector<SocketAddress>& addresses) {
  const auto endpoints = endpoints_of(addresses);
  return wait([&](auto done) { asio::async_connect(socket_, endpoints, std::move(done)); });
}

error_code Connection::start_tls(asio::ssl::context& context, const std::string& host) {
  tls_.emplace(socket_, context);
  error_code problem;
  tls_->set_verify_mode(asio::ssl::verify_peer, problem);
  if (!problem) {
    tls_->set_verify_callback(asio::ssl::host_name_verification(host), problem);
  }
  if (problem) {
    return problem;
  }
  // Names only: an address is never asked for by SNI (RFC 6066, section 3). Spelled out, since
  // OpenSSL's macro for it casts as C does.
  error_code is_no_address;
  (void)asio::ip::make_address(host, is_no_address);
  std::string name = host;
  if (is_no_address && SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                TLSEXT_NAMETYPE_host_name, name.data()) != 1) {
    return asio::error::no_memory;
  }
  return wait(
      [&](auto done) { tls_->async_handshake(asio::ssl::stream_base::client, std::move(done)); });
}

error_code Connection::write(ByteView bytes) {
  const asio::const_buffer buffer(bytes.data(), bytes.size());
  return wait([&](auto done) {
    if (tls_) {
      asio::async_write(*tls_, buffer, std::move(done));
    } else {
      asio::async_write(socket_, buffer, std::move(done));
    }
  });
}

template <class Stream>
error_code Connection::read_some(Stream& stream, std::span<char> room, std::size_t& count) {
  return wait([&](auto done) {
    stream.async_read_some(asio::buffer(room.data(), room.size()),
                           [&count, done](const error_code& code, std::size_t size) {
                             count = size;
                             done(code);
                           });
  });
}

template <class Stream>
error_code Connection::read_from(Stream& stream, HttpAnswer& answer, std::size_t most) {
  boost::beast::flat_buffer buffer(kReadAhead);
  http::response_parser<http::empty_body> parser;
  parser.header_limit(kMaxHeader);
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // BodyReader has the limit
  error_code problem =
      wait([&](auto done) { http::async_read_header(stream, buffer, parser, std::move(done)); });
  if (problem) {
    return problem;
  }
  const auto& head = parser.get();
  const bool has_no_body = head.result_int() == 204 || head.result_int() == 304;
  if ((parser.need_eof() && !has_no_body) || head.result_int() < 200 ||
      head.count(http::field::location) > 1) {
    return http::error::bad_content_length;  // whoever closes the connection could cut it
  }
  const std::uint64_t length = has_no_body ? 0 : parser.content_length().value_or(0);
  BodyReader reader(parser.chunked() && !has_no_body, length, most);
  problem = reader.take({static_cast<const char*>(buffer.data().data()), buffer.size()});
  std::array<char, kPiece> piece{};
  while (!problem && !reader.is_complete()) {
    std::size_t count = 0;
    problem = read_some(stream, piece, count);
    if (problem == asio::error::eof) {
      return http::error::partial_message;
    }
    if (!problem) {
      problem = reader.take({piece.data(), count});
    }
  }
  answer.status = head.result_int();
  answer.location = text_of(head[http::field::location]);
  answer.retry_after = read_seconds(text_of(head[http::field::retry_after]));
  answer.body = std::move(reader.body());
  return problem;
}

error_code Connection::read(HttpAnswer& answer, std::size_t most) {
  return tls_ ? read_from(*tls_, answer, most) : read_from(socket_, answer, most);
}

}  // namespace keystone::detail
