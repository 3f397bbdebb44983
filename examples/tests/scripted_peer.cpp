// SPDX-License-Identifier: Apache-2.0
#include "scripted_peer.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/base/hex.hpp"

#include <iostream>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace keystone::testing {
namespace {

constexpr unsigned kLife = 60;     // seconds
constexpr int kDripInterval = 50;  // milliseconds

Descriptor accept_one() {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  KEYSTONE_ASSERT(listener.is_open());
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  KEYSTONE_ASSERT(::bind(listener.get(), plain, size) == 0);
  KEYSTONE_ASSERT(::listen(listener.get(), 1) == 0);
  KEYSTONE_ASSERT(::getsockname(listener.get(), plain, &size) == 0);
  tell("port", std::to_string(ntohs(address.sin_port)));
  Descriptor connection(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  KEYSTONE_ASSERT(connection.is_open());
  const int yes = 1;
  KEYSTONE_ASSERT(::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0);
  return connection;
}

// Whether the client leaves before `milliseconds` are over. What it says meanwhile is left to lie.
bool client_leaves(const Descriptor& connection, int milliseconds) {
  pollfd waiting{connection.get(), POLLRDHUP, 0};
  return ::poll(&waiting, 1, milliseconds) != 0;
}

}  // namespace

ScriptedPeer::ScriptedPeer() {
  (void)::alarm(kLife);
  connection_ = accept_one();
}

void ScriptedPeer::send(ByteView bytes) {
  sent_.insert(sent_.end(), bytes.begin(), bytes.end());
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return;  // the client has gone, as it may at any time
    }
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

void ScriptedPeer::send_bytewise(ByteView bytes) {
  for (const std::uint8_t& byte : bytes) {
    send({&byte, 1});
  }
}

std::vector<std::uint8_t> ScriptedPeer::receive(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  const ssize_t received = ::recv(connection_.get(), bytes.data(), bytes.size(), MSG_WAITALL);
  bytes.resize(received < 0 ? 0 : static_cast<std::size_t>(received));
  received_ += bytes.size();
  return bytes;
}

void ScriptedPeer::drip(ByteView bytes) {
  for (const std::uint8_t& byte : bytes) {
    if (client_leaves(connection_, kDripInterval)) {
      return;
    }
    send({&byte, 1});
  }
}

void ScriptedPeer::tell_sent() const {
  tell("sent", hex::encode(sent_));
}

void ScriptedPeer::finish() {
  (void)::shutdown(connection_.get(), SHUT_WR);
  while (!receive(4096).empty()) {
  }
  tell("received", std::to_string(received_));
}

void tell(std::string_view word, std::string_view value) {
  std::cout << word << ' ' << value << std::endl;
}

}  // namespace keystone::testing
