// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/server.hpp"
#include "http/src/ip_address.hpp"

#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace keystone::server::http {

// A socket that listens, on one loop; who comes is handed on.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // Takes the socket that was accepted, which never blocks, and owns it from then on.
  using Take = std::function<void(int socket, const IpAddress& address)>;
  // Hears why nothing can be accepted for a while.
  using Pause = std::function<void()>;

  // Fails with `usage` for an address that is none, with `unwritable` where it cannot listen.
  [[nodiscard]] static Result<std::shared_ptr<Listener>> open(boost::asio::io_context& context,
                                                              const ListenerOptions& options);

  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

  // Accepts from now on. The functions are called on the context's thread.
  void start(Take take, Pause pause);

  // On the context's thread: accepts nothing more.
  void close();

 private:
  explicit Listener(boost::asio::io_context& context) : acceptor_(context), timer_(context) {}

  void wait();
  void accept_all();
  void pause();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  Endpoint endpoint_;
  Take take_;
  Pause pause_;
};

}  // namespace keystone::server::http
