// SPDX-License-Identifier: Apache-2.0
#include "http/src/listener.hpp"

#include "keystone/base/text.hpp"

#include <cerrno>
#include <utility>

#include <boost/asio/ip/v6_only.hpp>
#include <sys/socket.h>

namespace keystone::server::http {
namespace {

using boost::asio::ip::tcp;
using ErrorCodeOfAsio = boost::system::error_code;

// Accepted in a row, before the loop's connections have their turn.
constexpr int kMostInARow = 64;

// How long nobody is accepted after the system had no room; who comes waits in its queue.
constexpr std::chrono::milliseconds kPause{100};

bool has_gone_away(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ECONNABORTED ||
         error == EPROTO;
}

}  // namespace

Result<std::shared_ptr<Listener>> Listener::open(boost::asio::io_context& context,
                                                 const ListenerOptions& options) {
  const auto address = IpAddress::parse(options.address);
  if (!address) {
    return fail(ErrorCode::usage,
                "address: got " + printable(options.address) + ", want an IP address in numbers");
  }
  ErrorCodeOfAsio error;
  const tcp::endpoint wanted(boost::asio::ip::make_address(address->text(), error), options.port);
  const std::shared_ptr<Listener> listener(new Listener(context));
  tcp::acceptor& acceptor = listener->acceptor_;
  const auto step = [&error](auto action) {
    if (!error) {
      action();
    }
  };
  step([&] { (void)acceptor.open(wanted.protocol(), error); });
  // So that a server can be started again at once.
  step([&] { (void)acceptor.set_option(tcp::acceptor::reuse_address(true), error); });
  step([&] {
    if (wanted.address().is_v6()) {  // so that `::` and `0.0.0.0` are two listeners everywhere
      (void)acceptor.set_option(boost::asio::ip::v6_only(true), error);
    }
  });
  step([&] { (void)acceptor.bind(wanted, error); });
  step([&] { (void)acceptor.listen(tcp::acceptor::max_listen_connections, error); });
  step([&] { (void)acceptor.native_non_blocking(true, error); });
  const tcp::endpoint bound = error ? wanted : acceptor.local_endpoint(error);
  if (error) {
    return fail(ErrorCode::unwritable, address->text() + ":" + std::to_string(options.port) +
                                           ": cannot listen: " + error.message());
  }
  listener->endpoint_ = {options.name, address->text(), bound.port(), options.tls.has_value()};
  return listener;
}

void Listener::start(Take take, Pause pause) {
  take_ = std::move(take);
  pause_ = std::move(pause);
  wait();
}

void Listener::close() {
  ErrorCodeOfAsio ignored;
  (void)acceptor_.close(ignored);
  timer_.cancel();
}

void Listener::wait() {
  acceptor_.async_wait(tcp::acceptor::wait_read,
                       [self = shared_from_this()](const ErrorCodeOfAsio& error) {
                         if (!error && self->acceptor_.is_open()) {
                           self->accept_all();
                         }
                       });
}

void Listener::accept_all() {
  for (int i = 0; i < kMostInARow; ++i) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto& peer = reinterpret_cast<sockaddr&>(storage);
    const int socket =
        ::accept4(acceptor_.native_handle(), &peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (!has_gone_away(errno)) {
        pause();
        return;
      }
      break;
    }
    try {
      take_(socket, IpAddress::of(peer).value_or(IpAddress()));
    } catch (...) {  // no memory for a connection: those that come later have their chance
      pause();
      return;
    }
  }
  wait();
}

void Listener::pause() {
  pause_();
  timer_.expires_after(kPause);
  timer_.async_wait([self = shared_from_this()](const ErrorCodeOfAsio&) {
    if (self->acceptor_.is_open()) {
      self->wait();
    }
  });
}

}  // namespace keystone::server::http
