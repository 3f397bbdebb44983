// SPDX-License-Identifier: Apache-2.0
#include "http/src/connection.hpp"
#include "http/src/forwarded.hpp"
#include "http/src/response_text.hpp"

#include <algorithm>

namespace keystone::server::http {
namespace {

constexpr Refusal kBusy = {503, "too many requests wait already"};
constexpr Refusal kNoRoom = {503, "too much is being received"};
constexpr std::chrono::seconds kBusyFor{1};

// Large bodies get half of the memory for bodies: whoever fills that keeps out no small one.
std::size_t most_for(std::size_t size, std::size_t max_bodies) {
  return size > kLargeBody ? max_bodies / 2 : max_bodies;
}

}  // namespace

Connection::Step Connection::receive() {
  const IoResult result = stream_->read(loop_.scratch());
  switch (result.state) {
    case IoState::wants_read:
      return Step::wait_read;
    case IoState::wants_write:
      return Step::wait_write;
    case IoState::ended:
    case IoState::failed:
      return close("client");
    case IoState::done:
      break;
  }
  const bool was_idle = reader_.state() == RequestReader::State::idle;
  (void)reader_.feed({loop_.scratch().data(), result.bytes}, loop_.settings().head_limits());
  if (was_idle && reader_.state() != RequestReader::State::idle) {
    began_ = Loop::Clock::now();
    deadline_ = began_ + loop_.settings().limits.header_time;
  }
  return use_received();
}

Connection::Step Connection::use_received() {
  switch (reader_.state()) {
    case RequestReader::State::idle:
    case RequestReader::State::head:
      break;
    case RequestReader::State::has_head:
      return on_head();
    case RequestReader::State::body:
      return on_body();
    case RequestReader::State::complete:
      return dispatch();
    case RequestReader::State::refused:
      return refuse(reader_.refusal());
  }
  return Step::again;
}

Connection::Step Connection::on_head() {
  begin_exchange();
  Request& head = reader_.request();
  identify(head);
  if (const auto wait = over_rate(head)) {
    if (!reader_.has_body()) {
      drop_request();
    }
    return refuse({429, "too many requests"}, wait);
  }
  const bool may_be_large = loop_.core().handler->max_body(head.method, head.path) > kLargeBody;
  return may_be_large && reader_.has_body() ? ask_leave() : begin_body();
}

// The memory for large bodies is for those alone who may send one.
Connection::Step Connection::ask_leave() {
  exchange_->request = reader_.request();
  phase_ = Phase::asking;
  deadline_ = Loop::Time::max();
  const auto job = [self = shared_from_this(), exchange = exchange_] {
    self->work_on_head(*exchange);
  };
  return loop_.core().pool.post(job) ? Step::wait_worker : refuse(kBusy, kBusyFor);
}

Connection::Step Connection::begin_body() {
  const Request& head = reader_.request();
  (void)reader_.expect_body(loop_.core().handler->max_body(head.method, head.path));
  phase_ = Phase::receiving;
  began_body_ = Loop::Clock::now();
  if (reader_.waits_for_continue()) {
    out_ = kContinue;
    phase_ = Phase::continuing;
    deadline_ = Loop::Clock::now() + loop_.settings().limits.write_time;
    return Step::again;
  }
  return use_received();
}

// A body has its time, and more of it the more has come: a large one at a decent rate ends, and a
// trickle does not hold its place. What came fast earns no long pause, else a large body that stops
// just before its end would hold its memory for an hour.
Connection::Step Connection::on_body() {
  const Limits& limits = loop_.settings().limits;
  const std::size_t size = reader_.request().body.size();
  if (!exchange_->share.grow_to(size, most_for(size, limits.max_bodies))) {
    return refuse(kNoRoom, kBusyFor);
  }
  const Loop::Time by_rate = began_body_ + limits.body_time +
                             std::chrono::milliseconds(size * 1000 / limits.min_body_rate);
  deadline_ = std::min(by_rate, Loop::Clock::now() + limits.header_time);
  return Step::again;
}

Connection::Step Connection::dispatch() {
  const std::size_t size = reader_.request().body.size();
  if (!exchange_->share.grow_to(size, most_for(size, loop_.settings().limits.max_bodies))) {
    return refuse(kNoRoom, kBusyFor);
  }
  exchange_->request = reader_.take(loop_.settings().head_limits());
  exchange_->event.received = size;
  phase_ = Phase::handling;
  deadline_ = Loop::Time::max();
  const auto job = [self = shared_from_this(), exchange = exchange_] { self->work(*exchange); };
  return loop_.core().pool.post(job) ? Step::wait_worker : refuse(kBusy, kBusyFor);
}

// A request without a body is read already, and the connection may go on after it.
void Connection::drop_request() {
  (void)reader_.expect_body(0);
  (void)reader_.take(loop_.settings().head_limits());
  phase_ = Phase::handling;
}

void Connection::begin_exchange() {
  exchange_ = std::make_shared<Exchange>(loop_.core().bodies);
  exchange_->began = began_;
  exchange_->event.listener = loop_.core().listener_names.at(listener_);
  exchange_->event.peer = address_text_;
  exchange_->event.request_id = loop_.new_id();
  exchange_->event.method = reader_.request().method;
  exchange_->event.path = reader_.request().path;
  exchange_->is_head = reader_.request().method == "HEAD";
  exchange_->is_http_1_1 = reader_.is_http_1_1();
  exchange_->keeps_alive = reader_.wants_keep_alive();
}

void Connection::identify(Request& head) {
  const Settings& settings = loop_.settings();
  client_ = client_address(address_, head.headers, settings.proxies, settings.forwarded_header);
  head.peer.address = client_ == address_ ? address_text_ : client_.text();
  head.peer.loopback = address_.is_loopback() && !settings.proxies.contain(address_);
  head.peer.tls = has_tls_;
  head.peer.certificate_subject = certificate_subject_;
  head.id = exchange_->event.request_id;
  head.listener = exchange_->event.listener;
  exchange_->event.peer = head.peer.address;
}

std::optional<std::chrono::seconds> Connection::over_rate(const Request& head) {
  Core& core = loop_.core();
  const Loop::Time now = Loop::Clock::now();
  if (const auto wait = core.addresses.take(client_.group().key(), now)) {
    return wait;
  }
  const auto key = core.handler->rate_key(head);
  return key ? core.keys.take(*key, now) : std::nullopt;
}

}  // namespace keystone::server::http
