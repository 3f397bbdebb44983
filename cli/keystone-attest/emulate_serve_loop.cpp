// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_loop.hpp"

#include "keystone-attest/emulate_serve_address.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <poll.h>

namespace keystone::cli::attest {
namespace {

using Clock = std::chrono::steady_clock;

// How long nobody is accepted after the system had no room for a connection.
constexpr std::chrono::seconds kPause{1};

// As poll(2) takes it: rounded up, so that what is waited for has passed when it returns.
int milliseconds_to(std::optional<Clock::time_point> time, Clock::time_point now) {
  using std::chrono::milliseconds;
  constexpr std::int64_t kMost = 3'600'000;  // the largest time-out
  if (!time) {
    return -1;
  }
  const std::int64_t left = std::chrono::ceil<milliseconds>(*time - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, kMost));
}

bool poll_all(std::vector<pollfd>& sockets, int timeout) {
  return ::poll(sockets.data(), sockets.size(), timeout) >= 0 || errno == EINTR;
}

}  // namespace

ServeLoop::ServeLoop(Descriptor listener, const ConversationKind& kind, Attest attest,
                     const ServeLimits& limits, const Console& console)
    : listener_(std::move(listener)),
      kind_(kind),
      attest_([this, attest = std::move(attest)](ByteView data) -> Result<Report> {
        KEYSTONE_TRY(auto report, attest(data));
        ++reports_;
        return report;
      }),
      limits_(limits),
      console_(console) {}

Status ServeLoop::run(const Descriptor& stop) {
  while (!has_given_all() || !clients_.empty()) {
    const Time before = Clock::now();
    const int listener = may_accept(before) ? listener_.get() : -1;  // -1: poll passes it over
    std::vector<pollfd> sockets = {{stop.get(), POLLIN, 0}, {listener, POLLIN, 0}};
    for (const Client& client : clients_) {
      sockets.push_back({client.connection.socket(), client.connection.events(), 0});
    }
    if (!poll_all(sockets, milliseconds_to(next_deadline(), before))) {
      return fail(ErrorCode::internal, std::string("poll: ") + std::strerror(errno));
    }
    if (sockets[0].revents != 0) {
      return {};
    }
    const Time now = Clock::now();
    auto socket = sockets.begin() + 2;
    for (Client& client : clients_) {
      if ((socket++)->revents != 0) {
        go_on(client, now);
      }
    }
    if (sockets[1].revents != 0 && !has_given_all()) {
      accept_one(now);
    }
    drop_finished(now);
  }
  return {};
}

bool ServeLoop::has_given_all() const {
  return limits_.requests && reports_ >= *limits_.requests;
}

bool ServeLoop::may_accept(Time now) const {
  return !has_given_all() && clients_.size() < limits_.max_connections && now >= accept_again_;
}

std::optional<ServeLoop::Time> ServeLoop::next_deadline() const {
  std::optional<Time> next;
  if (accept_again_ > Clock::now()) {
    next = accept_again_;
  }
  for (const Client& client : clients_) {
    next = std::min(next.value_or(Time::max()), client.connection.deadline());
  }
  return next;
}

void ServeLoop::accept_one(Time now) {
  AcceptedConnection accepted = AcceptedConnection::take(listener_);
  if (!accepted.socket.is_open()) {
    const bool has_gone = errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
    if (!has_gone) {
      note(std::string("cannot accept: ") + std::strerror(errno));
      accept_again_ = now + kPause;
    }
    return;
  }
  auto conversation = converse(kind_, attest_);
  if (!conversation) {
    note(accepted.peer.text() + ": " + conversation.error().message);
    return;
  }
  Client& client = clients_.emplace_back(
      Client{ServedConnection(std::move(accepted.socket), accepted.peer.text(),
                              *std::move(conversation), limits_.timeout)});
  settle(client, client.connection.begin(now));
}

void ServeLoop::note(std::string text) {
  if (notes_left_ == 0) {
    return;
  }
  --notes_left_;
  if (notes_left_ == 0) {
    text += "; no more notes";
  }
  console_.notes({std::move(text)});
}

void ServeLoop::go_on(Client& client, Time now) {
  if (!is_finished(client, now)) {
    settle(client, client.connection.go_on(now));
  }
}

void ServeLoop::settle(Client& client, const Status& status) {
  if (!status) {
    client.failed = true;
    note(client.connection.peer() + ": " + status.error().message);
  }
}

bool ServeLoop::is_finished(const Client& client, Time now) const {
  const ServedConnection& connection = client.connection;
  return client.failed || connection.is_over() || now >= connection.deadline() ||
         (has_given_all() && !connection.has_report());
}

void ServeLoop::drop_finished(Time now) {
  clients_.remove_if([&](const Client& client) {
    const ServedConnection& connection = client.connection;
    if (!is_finished(client, now)) {
      return false;
    }
    if (!client.failed && !connection.is_over() && !connection.is_closing()) {
      note(connection.peer() +
           (now >= connection.deadline() ? ": no message in time" : ": all reports were given"));
    }
    return true;
  });
}

}  // namespace keystone::cli::attest
