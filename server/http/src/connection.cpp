// SPDX-License-Identifier: Apache-2.0
#include "http/src/connection.hpp"

#include "http/src/plain_stream.hpp"

#include <netinet/tcp.h>

namespace keystone::server::http {
namespace {

// Steps without a wait, before the loop's other connections have their turn.
constexpr int kMostSteps = 32;

// What a refused client may still send before it is cut off, in bytes.
constexpr std::size_t kMostLingered = std::size_t{1} << 20U;

}  // namespace

std::shared_ptr<Connection> Connection::make(Loop& loop, Accepted accepted) {
  const int socket = accepted.socket.native_handle();
  const auto& tls = loop.settings().tls.at(accepted.listener);
  std::unique_ptr<ByteStream> stream;
  if (tls) {
    auto made = tls->accept(socket);
    if (!made) {
      return nullptr;
    }
    stream = *std::move(made);
  } else {
    stream = std::make_unique<PlainStream>(socket);
  }
  // Answers are written whole; to wait for more would only delay them.
  const int yes = 1;
  (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return std::shared_ptr<Connection>(
      new Connection(loop, std::move(accepted), std::move(stream), tls != nullptr));
}

Connection::Connection(Loop& loop, Accepted accepted, std::unique_ptr<ByteStream> stream,
                       bool has_tls)
    : loop_(loop),
      socket_(std::move(accepted.socket)),
      address_(accepted.address),
      address_text_(address_.text()),
      listener_(accepted.listener),
      place_(std::move(accepted.place)),
      stream_(std::move(stream)),
      has_tls_(has_tls),
      client_(address_) {}

void Connection::begin() {
  tell(TransportEvent::Kind::connection_opened, {});
  deadline_ = Loop::Clock::now() + loop_.settings().limits.handshake_time;
  go_on();
}

void Connection::go_on() {
  const auto self = shared_from_this();  // the loop may forget it meanwhile
  try {
    Step step = Step::again;
    for (int i = 0; i < kMostSteps && step == Step::again; ++i) {
      step = take_step();
    }
    if (step == Step::again) {
      loop_.post([self] { self->go_on(); });
    } else {
      wait(step);
    }
  } catch (...) {  // there is no memory, for instance
    (void)close("internal");
  }
}

Connection::Step Connection::take_step() {
  switch (phase_) {
    case Phase::handshake:
      return shake_hands();
    case Phase::receiving:
      return receive();
    case Phase::continuing:
    case Phase::writing:
      return write();
    case Phase::lingering:
      return linger();
    case Phase::asking:
    case Phase::handling:
    case Phase::closed:
      break;
  }
  return Step::wait_worker;
}

Connection::Step Connection::shake_hands() {
  const IoResult result = stream_->handshake();
  if (result.state == IoState::wants_read || result.state == IoState::wants_write) {
    return result.state == IoState::wants_read ? Step::wait_read : Step::wait_write;
  }
  if (result.state != IoState::done) {
    return close("handshake");
  }
  certificate_subject_ = stream_->certificate_subject();
  phase_ = Phase::receiving;
  deadline_ = Loop::Clock::now() + loop_.settings().limits.idle_time;
  return Step::again;
}

Connection::Step Connection::write() {
  while (written_ < out_.size() + out_body_.size()) {
    const std::string_view rest = written_ < out_.size()
                                      ? std::string_view(out_).substr(written_)
                                      : std::string_view(out_body_).substr(written_ - out_.size());
    const IoResult result = stream_->write(rest);
    if (result.state == IoState::wants_read || result.state == IoState::wants_write) {
      return result.state == IoState::wants_read ? Step::wait_read : Step::wait_write;
    }
    if (result.state != IoState::done) {
      return close("client");
    }
    written_ += result.bytes;
  }
  out_ = std::string();
  out_body_ = std::string();
  written_ = 0;
  return on_written();
}

// To close a socket with bytes unread takes back what was written; so first these are read.
Connection::Step Connection::begin_linger() {
  stream_->end();
  phase_ = Phase::lingering;
  deadline_ = Loop::Clock::now() + loop_.settings().limits.linger_time;
  return Step::again;
}

Connection::Step Connection::linger() {
  const IoResult result = stream_->read(loop_.scratch());
  if (result.state == IoState::wants_read || result.state == IoState::wants_write) {
    return Step::wait_read;
  }
  lingered_ += result.bytes;
  return result.state == IoState::done && lingered_ < kMostLingered ? Step::again : close("done");
}

Connection::Step Connection::close(std::string_view reason) {
  if (phase_ == Phase::closed) {
    return Step::wait_worker;
  }
  if (phase_ == Phase::receiving) {
    stream_->end();
  }
  phase_ = Phase::closed;
  deadline_ = Loop::Time::max();
  tell_finished(false);
  tell(TransportEvent::Kind::connection_closed, reason);
  boost::system::error_code ignored;
  (void)socket_.close(ignored);
  loop_.forget(*this);
  return Step::wait_worker;
}

void Connection::wait(Step step) {
  if (step == Step::wait_worker) {
    return;
  }
  using boost::asio::ip::tcp;
  socket_.async_wait(
      step == Step::wait_read ? tcp::socket::wait_read : tcp::socket::wait_write,
      [self = shared_from_this(), number = ++waits_](const boost::system::error_code& error) {
        if (!error && number == self->waits_) {
          self->go_on();
        }
      });
}

bool Connection::is_due(Loop::Time now) const {
  return now >= deadline_ || (exchange_ && exchange_->is_lost);
}

void Connection::on_deadline() {
  if (exchange_ && exchange_->is_lost) {
    (void)close("internal");
    return;
  }
  const bool is_late_request =
      phase_ == Phase::receiving && reader_.state() != RequestReader::State::idle;
  if (!is_late_request) {
    (void)close(phase_ == Phase::receiving ? "idle" : "timeout");
    return;
  }
  ++waits_;  // what it waited for is of no interest now
  boost::system::error_code ignored;
  (void)socket_.cancel(ignored);
  deadline_ = Loop::Time::max();
  try {
    (void)refuse({408, "the request took too long"});
  } catch (...) {
    (void)close("internal");
    return;
  }
  go_on();
}

void Connection::stop() {
  const bool is_idle =
      phase_ == Phase::handshake ||
      (phase_ == Phase::receiving && reader_.state() == RequestReader::State::idle);
  if (is_idle) {
    (void)close("stopping");
  }
}

void Connection::cut() {
  (void)close("stopping");
}

void Connection::tell(TransportEvent::Kind kind, std::string_view reason) noexcept {
  try {
    TransportEvent event;
    event.kind = kind;
    event.listener = loop_.core().listener_names.at(listener_);
    event.peer = address_text_;
    event.reason = reason;
    loop_.tell(event);
  } catch (...) {  // no memory for an event: what it would tell of happens all the same
  }
}

}  // namespace keystone::server::http
