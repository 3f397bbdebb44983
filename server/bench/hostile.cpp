// SPDX-License-Identifier: Apache-2.0
#include "hostile.hpp"

#include "sockets.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace keystone::bench {
namespace {

constexpr unsigned kOfOneAddress = 200;  // connections: less than the server's limit
constexpr unsigned kAddresses = 60'000;  // 127.0.0.2 and on
constexpr int kTick = 20;                // ms
constexpr std::size_t kSlowOfTick = 10;  // so that each sends a byte every 400 ms
constexpr std::string_view kHead =
    "GET /challenge-response/v1/session/0123456789 HTTP/1.1\r\nHost: localhost\r\n"
    "Accept: application/vnd.veraison.challenge-response-session+json\r\nX: ";
// The header of a TLS record that holds a ClientHello, and the first bytes of that.
constexpr std::string_view kHandshake("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
constexpr std::array<std::string_view, 5> kNonsense = {
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\n\r\nfffffffffffffffff\r\n",
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n",
    "POST /challenge-response/v1/session/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{]}",
    "\x16\x03\x01 is no request\r\n\r\n",
};

// Whether the server has closed it; what it says is dropped.
bool is_gone(int socket) {
  std::array<char, 1024> buffer{};
  const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
  return count == 0 || (count < 0 && errno != EAGAIN);
}

}  // namespace

Hostile::Hostile(const Load& load) : load_(load), slow_(kSlow), handshakes_(kSlow) {
  raise_file_limit();
  while (silent_.size() < load_.connections) {
    silent_.push_back(connect(load_.port));
  }
  for (std::size_t i = 0; i < kSlow; ++i) {
    send_slowly(slow_[i]);
    hold_handshake(handshakes_[i]);
  }
}

std::uint32_t Hostile::held() const {
  const auto held = std::count_if(silent_.begin(), silent_.end(),
                                  [](const Descriptor& socket) { return !is_gone(socket.get()); });
  return static_cast<std::uint32_t>(held);
}

void Hostile::keep_up_until_readable(int descriptor) {
  pollfd waited{descriptor, POLLIN, 0};
  while (::poll(&waited, 1, kTick) == 0) {
    tick();
  }
}

Descriptor Hostile::connect(std::uint16_t port) {
  return connect_to(port, 1 + connected_++ / kOfOneAddress % kAddresses);
}

void Hostile::tick() {
  for (std::size_t i = 0; i < kSlowOfTick; ++i) {
    send_slowly(slow_[(ticks_ * kSlowOfTick + i) % slow_.size()]);
  }
  hold_handshake(handshakes_[ticks_ % handshakes_.size()]);
  send_nonsense();
  ++ticks_;
}

void Hostile::send_slowly(Held& held) {
  if (!held.socket.is_open() || is_gone(held.socket.get())) {
    held = {connect(load_.port), 0};
  }
  const std::size_t place = held.sent < kHead.size() ? held.sent : kHead.size() - 2;
  (void)send_bytes(held.socket.get(), kHead.substr(place, 1));
  ++held.sent;
}

void Hostile::hold_handshake(Descriptor& socket) {
  if (!socket.is_open() || is_gone(socket.get())) {
    socket = connect(load_.tls_port);
    (void)send_bytes(socket.get(), kHandshake);
  }
}

void Hostile::send_nonsense() {
  nonsense_ = connect(load_.port);
  (void)send_bytes(nonsense_.get(), kNonsense.at(ticks_ % kNonsense.size()));
}

}  // namespace keystone::bench
