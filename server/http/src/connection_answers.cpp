// SPDX-License-Identifier: Apache-2.0
#include "http/src/connection.hpp"
#include "http/src/response_text.hpp"

namespace keystone::server::http {
namespace {

// A body up to this size goes out in one write with its head; a streamed piece has at least this
// size, but for the last one.
constexpr std::size_t kPiece = 16 * 1024;  // bytes

constexpr Refusal kFailed = {500, "the server could not answer"};

Response refusal_by(const Handler& handler, const Refusal& refusal, const std::string& id) {
  Response response;
  try {
    response = handler.refuse(refusal.status, id, refusal.reason);
  } catch (...) {
    response = Response();
  }
  response.status = refusal.status;
  if (!is_sound(response) || response.stream) {
    response = Response();
    response.status = refusal.status;
  }
  return response;
}

Framing framing_of(const Response& response, const Exchange& exchange) {
  if (exchange.is_head || !may_have_body(response.status)) {
    return Framing::none;
  }
  if (!response.stream) {
    return Framing::length;
  }
  return exchange.is_http_1_1 ? Framing::chunked : Framing::close;
}

}  // namespace

Connection::Step Connection::refuse(Refusal refusal,
                                    std::optional<std::chrono::seconds> retry_after) {
  if (!exchange_) {
    begin_exchange();
  }
  // The rest of a request that was not read cannot be told from the next one.
  const bool was_read = phase_ == Phase::handling;
  exchange_->keeps_alive = exchange_->keeps_alive && was_read;
  Response response = refusal_by(*loop_.core().handler, refusal, exchange_->event.request_id);
  if (retry_after) {
    response.headers.push_back({"Retry-After", std::to_string(retry_after->count())});
  }
  return answer(std::move(response));
}

Connection::Step Connection::answer(Response response) {
  Exchange& exchange = *exchange_;
  const Framing framing = framing_of(response, exchange);
  exchange.keeps_alive = exchange.keeps_alive && framing != Framing::close && !loop_.is_stopping();
  exchange.event.status = response.status;
  out_ =
      head_text(response, {framing, exchange.keeps_alive, loop_.date(), exchange.event.request_id});
  if (framing == Framing::length) {
    exchange.event.sent = response.body.size();
    if (response.body.size() <= kPiece) {
      out_ += response.body;
    } else {
      out_body_ = std::move(response.body);
    }
  }
  exchange.stream = framing == Framing::none ? BodySource() : std::move(response.stream);
  is_last_piece_ = !exchange.stream;
  phase_ = Phase::writing;
  deadline_ = Loop::Clock::now() + loop_.settings().limits.write_time;
  return Step::again;
}

Connection::Step Connection::on_written() {
  if (phase_ == Phase::continuing) {
    phase_ = Phase::receiving;
    began_body_ = Loop::Clock::now();
    return on_body();
  }
  return is_last_piece_ ? finish_exchange() : request_piece();
}

Connection::Step Connection::finish_exchange() {
  const bool keeps_alive = exchange_->keeps_alive && !loop_.is_stopping();
  tell_finished(true);
  if (!keeps_alive) {
    return begin_linger();
  }
  phase_ = Phase::receiving;
  began_ = Loop::Clock::now();
  const Limits& limits = loop_.settings().limits;
  const bool is_idle = reader_.state() == RequestReader::State::idle;
  deadline_ = began_ + (is_idle ? limits.idle_time : limits.header_time);
  // The next request is seldom there already, and a wait costs less than a read in vain.
  return is_idle && !stream_->holds_bytes() ? Step::wait_read : use_received();
}

Connection::Step Connection::request_piece() {
  phase_ = Phase::handling;
  deadline_ = Loop::Time::max();
  loop_.core().pool.post_next_step(
      [self = shared_from_this(), exchange = exchange_] { self->work_on_piece(*exchange); });
  return Step::wait_worker;
}

// On a worker.
void Connection::work(Exchange& exchange) {
  Response response;
  bool failed = false;
  try {
    response = loop_.core().handler->handle(exchange.request);
    failed = !is_sound(response);
  } catch (...) {
    failed = true;
  }
  loop_.post([self = shared_from_this(), response = std::move(response), failed]() mutable {
    self->on_response(std::move(response), failed);
  });
}

// On a worker.
void Connection::work_on_piece(Exchange& exchange) {
  std::string piece;
  bool is_last = false;
  bool failed = false;
  try {
    while (!is_last && !failed && piece.size() < kPiece) {
      const Result<bool> more = exchange.stream(piece);
      failed = !more;
      is_last = more && !*more;
    }
  } catch (...) {
    failed = true;
  }
  loop_.post([self = shared_from_this(), piece = std::move(piece), is_last, failed]() mutable {
    self->on_piece(std::move(piece), is_last, failed);
  });
}

void Connection::on_response(Response response, bool failed) {
  if (phase_ != Phase::handling) {
    return;  // closed meanwhile
  }
  try {
    (void)(failed ? refuse(kFailed) : answer(std::move(response)));
  } catch (...) {
    (void)close("internal");
    return;
  }
  go_on();
}

void Connection::on_piece(std::string piece, bool is_last, bool failed) {
  if (phase_ != Phase::handling) {
    return;
  }
  if (failed) {
    (void)close("stream");  // without the last chunk: the client sees that something is missing
    return;
  }
  exchange_->event.sent += piece.size();
  if (exchange_->is_http_1_1) {
    out_ = piece.empty() ? std::string() : chunk(piece);
    out_ += is_last ? kLastChunk : std::string_view();
  } else {
    out_ = std::move(piece);
  }
  is_last_piece_ = is_last;
  phase_ = Phase::writing;
  deadline_ = Loop::Clock::now() + loop_.settings().limits.write_time;
  go_on();
}

void Connection::tell_finished(bool complete) {
  if (!exchange_) {
    return;
  }
  const auto exchange = std::move(exchange_);
  exchange_ = nullptr;
  exchange->event.complete = complete;
  exchange->event.duration = Loop::Clock::now() - exchange->began;
  loop_.tell(exchange->event);
}

}  // namespace keystone::server::http
