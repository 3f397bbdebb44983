// SPDX-License-Identifier: Apache-2.0
#include "http/src/connection.hpp"
#include "http/src/response_text.hpp"

#include <algorithm>
#include <new>

namespace keystone::server::http {
namespace {

// A body up to this size goes out in one write with its head; a streamed piece has at least this
// size, but for the last one.
constexpr std::size_t kPiece = 16 * 1024;  // bytes

constexpr Refusal kFailed = {500, "the server could not answer"};
constexpr Refusal kNoMemory = {503, "the server has no memory for an answer"};

// What an action on a worker ends with; nothing if it succeeds.
template <class F>
std::optional<Refusal> failure_of(F action) noexcept {
  try {
    return action() ? std::nullopt : std::optional(kFailed);
  } catch (const std::bad_alloc&) {
    return kNoMemory;
  } catch (...) {
    return kFailed;
  }
}

std::optional<std::chrono::seconds> patience_of(const Refusal& refusal) {
  return refusal.status == 503 ? std::optional(std::chrono::seconds(1)) : std::nullopt;
}

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

// What was to follow the head cannot be told from the next request.
Connection::Step Connection::turn_away(Response response) {
  exchange_->keeps_alive = false;
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
  const Loop::Time now = Loop::Clock::now();
  exchange.stream_deadline = now + loop_.settings().limits.stream_time;
  deadline_ = now + loop_.settings().limits.write_time;
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
  deadline_ = exchange_->stream_deadline;
  loop_.core().pool.post_next_step(
      [self = shared_from_this(), exchange = exchange_] { self->work_on_piece(*exchange); });
  return Step::wait_worker;
}

// On a worker. Goes on with what it made, on the loop. If there is no memory for that either, the
// loop finds the exchange lost when it next looks for what is due.
template <class F>
void Connection::come_back(Exchange& exchange, F action) noexcept {
  try {
    loop_.post([self = shared_from_this(), action = std::move(action)]() mutable {
      if (self->phase_ == Phase::closed) {
        return;
      }
      try {
        action();
      } catch (...) {
        (void)self->close("internal");
        return;
      }
      self->go_on();
    });
  } catch (...) {
    exchange.is_lost = true;
  }
}

// On a worker.
void Connection::work_on_head(Exchange& exchange) noexcept {
  std::optional<Response> away;
  const auto failure = failure_of([&] {
    away = loop_.core().handler->turn_away(exchange.request);
    return !away || is_sound(*away);
  });
  come_back(exchange, [this, away = std::move(away), failure]() mutable {
    if (failure) {
      (void)refuse(*failure, patience_of(*failure));
    } else {
      (void)(away ? turn_away(*std::move(away)) : begin_body());
    }
  });
}

// On a worker.
void Connection::work(Exchange& exchange) noexcept {
  Response response;
  const auto failure = failure_of([&] {
    response = loop_.core().handler->handle(exchange.request);
    return is_sound(response);
  });
  come_back(exchange, [this, response = std::move(response), failure]() mutable {
    (void)(failure ? refuse(*failure, patience_of(*failure)) : answer(std::move(response)));
  });
}

// On a worker.
void Connection::work_on_piece(Exchange& exchange) noexcept {
  std::string piece;
  bool is_last = false;
  const auto failure = failure_of([&] {
    while (!is_last && piece.size() < kPiece) {
      const Result<bool> more = exchange.stream(piece);
      if (!more) {
        return false;
      }
      is_last = !*more;
    }
    return true;
  });
  come_back(exchange, [this, piece = std::move(piece), is_last, failure]() mutable {
    if (failure) {
      (void)close("stream");  // without the last chunk: the client sees that something is missing
    } else {
      on_piece(std::move(piece), is_last);
    }
  });
}

void Connection::on_piece(std::string piece, bool is_last) {
  exchange_->event.sent += piece.size();
  if (exchange_->is_http_1_1) {
    out_ = piece.empty() ? std::string() : chunk(piece);
    out_ += is_last ? kLastChunk : std::string_view();
  } else {
    out_ = std::move(piece);
  }
  is_last_piece_ = is_last;
  phase_ = Phase::writing;
  deadline_ =
      std::min(Loop::Clock::now() + loop_.settings().limits.write_time, exchange_->stream_deadline);
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
