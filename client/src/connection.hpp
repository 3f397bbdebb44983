// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "look_up.hpp"
#include "wire.hpp"

#include <span>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

// A connection whose every step ends by a deadline, seen from one thread. Boost's synchronous calls
// know no deadlines, so that each step is an asynchronous one that is waited for.
namespace keystone::detail {

using Milestone = std::chrono::steady_clock::time_point;

class Connection {
 public:
  explicit Connection(Milestone deadline) : deadline_(deadline) {}

  // Each says what went wrong; no error is success. `context` must outlive the connection.
  [[nodiscard]] boost::system::error_code connect(const std::vector<SocketAddress>& addresses);
  [[nodiscard]] boost::system::error_code start_tls(boost::asio::ssl::context& context,
                                                    const std::string& host);
  [[nodiscard]] boost::system::error_code write(ByteView bytes);

  // The answer, with at most `most` bytes of body.
  [[nodiscard]] boost::system::error_code read(HttpAnswer& answer, std::size_t most);

 private:
  // Starts a step with what is to be called at its end, and waits for that or for the deadline.
  template <class Start>
  boost::system::error_code wait(const Start& start);
  template <class Stream>
  boost::system::error_code read_some(Stream& stream, std::span<char> room, std::size_t& count);
  template <class Stream>
  boost::system::error_code read_from(Stream& stream, HttpAnswer& answer, std::size_t most);

  Milestone deadline_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

}  // namespace keystone::detail
