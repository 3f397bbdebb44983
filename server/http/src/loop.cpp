// SPDX-License-Identifier: Apache-2.0
#include "http/src/loop.hpp"

#include "http/src/connection.hpp"
#include "http/src/response_text.hpp"
#include "keystone/base/hex.hpp"
#include "keystone/crypto/random.hpp"

#include <algorithm>
#include <ctime>

namespace keystone::server::http {
namespace {

// How often deadlines are looked at: often enough for the shortest one, and seldom enough that ten
// thousand idle connections cost next to nothing.
std::chrono::milliseconds tick_of(const Limits& limits) {
  using std::chrono::milliseconds;
  const milliseconds shortest =
      std::min({limits.handshake_time, limits.header_time, limits.body_time, limits.idle_time,
                limits.write_time, limits.stream_time, limits.linger_time});
  return std::clamp(shortest / 8, milliseconds(2), milliseconds(250));
}

}  // namespace

Loop::Loop(Core& core, std::shared_ptr<const Settings> settings)
    : core_(core),
      settings_(std::move(settings)),
      work_(context_.get_executor()),
      timer_(context_) {}

Loop::~Loop() = default;

void Loop::start() {
  thread_ = std::thread([this] {
    for (bool ended = false; !ended;) {
      try {
        schedule_tick();
        context_.run();
        ended = true;
      } catch (...) {  // no memory for a connection: the others go on
        std::this_thread::yield();
      }
    }
  });
}

void Loop::adopt(Accepted accepted) {
  post([this, accepted = std::move(accepted)]() mutable { begin(std::move(accepted)); });
}

void Loop::apply(std::shared_ptr<const Settings> settings) {
  std::promise<void> applied;
  post([&] {
    settings_ = std::move(settings);
    applied.set_value();
  });
  applied.get_future().wait();
}

std::future<void> Loop::stop(Time cut_at) {
  std::future<void> drained = drained_.get_future();
  post([this, cut_at] { begin_stop(cut_at); });
  return drained;
}

void Loop::join() {
  work_.reset();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::string_view Loop::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_of_) {
    date_ = date_text(now);
    date_of_ = now;
  }
  return date_;
}

std::string Loop::new_id() {
  constexpr std::size_t kSize = 16;  // bytes
  if (chance_used_ == chance_.size()) {
    fill_random(chance_);
    chance_used_ = 0;
  }
  const auto id = std::span<const std::uint8_t>(chance_).subspan(chance_used_, kSize);
  chance_used_ += kSize;
  return hex::encode(id);
}

void Loop::forget(Connection& connection) {
  connections_.erase(&connection);
  check_drained();
}

void Loop::tell(const TransportEvent& event) {
  try {
    core_.handler->on_event(event);
  } catch (...) {  // an event that could not be noted changes nothing for a client
  }
}

void Loop::begin(Accepted accepted) {
  if (is_stopping_) {
    return;
  }
  auto connection = Connection::make(*this, std::move(accepted));
  if (connection) {
    connections_.emplace(connection.get(), connection);
    try {
      schedule_tick();
      connection->begin();
    } catch (...) {
      connection->cut();
    }
  }
}

void Loop::schedule_tick() {
  if (is_ticking_ || connections_.empty()) {
    return;
  }
  timer_.expires_after(tick_of(settings_->limits));
  timer_.async_wait([this](const boost::system::error_code&) { tick(); });
  is_ticking_ = true;
}

void Loop::tick() {
  is_ticking_ = false;
  schedule_tick();  // first: what follows may find no memory
  const Time now = Clock::now();
  std::vector<std::shared_ptr<Connection>> late;  // what they do changes the map
  for (const auto& [key, connection] : connections_) {
    if (now >= cut_at_ || connection->is_due(now)) {
      late.push_back(connection);
    }
  }
  for (const auto& connection : late) {
    if (now >= cut_at_) {
      connection->cut();
    } else {
      connection->on_deadline();
    }
  }
}

void Loop::begin_stop(Time cut_at) {
  is_stopping_ = true;
  cut_at_ = cut_at;
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [key, connection] : connections_) {
    all.push_back(connection);
  }
  const bool at_once = Clock::now() >= cut_at;
  for (const auto& connection : all) {
    if (at_once) {
      connection->cut();
    } else {
      connection->stop();
    }
  }
  check_drained();
}

void Loop::check_drained() {
  if (is_stopping_ && connections_.empty() && !is_drained_) {
    is_drained_ = true;
    timer_.cancel();
    drained_.set_value();
  }
}

}  // namespace keystone::server::http
