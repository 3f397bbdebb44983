// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace demo {
namespace {

using keystone::Descriptor;
using keystone::Status;

tl::unexpected<keystone::Error> unreachable(const std::string& peer, const std::string& why) {
  return keystone::fail(keystone::ErrorCode::unreachable, peer + ": " + why);
}

// Waits until the socket is ready for `events`, or has failed: what is tried next says why. Past
// the deadline nothing is ready any more, so that a peer who never stops sending cannot go on.
Status wait_for(const std::string& peer, const Descriptor& socket, short events,
                Deadline deadline) {
  for (;;) {
    using std::chrono::milliseconds;
    const std::int64_t left =
        std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) {
      return unreachable(peer, "no answer in time");
    }
    pollfd waiting{socket.get(), events, 0};
    const auto patience = static_cast<int>(std::min<std::int64_t>(left, 60'000));
    const int ready = ::poll(&waiting, 1, patience);
    if (ready > 0) {
      return {};
    }
    if (ready < 0 && errno != EINTR) {
      return unreachable(peer, std::strerror(errno));
    }
  }
}

Status connect_to(const std::string& peer, const Descriptor& socket, const addrinfo& address,
                  Deadline deadline) {
  if (!socket.is_open()) {
    return unreachable(peer, std::strerror(errno));
  }
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) {
    return {};
  }
  if (errno != EINPROGRESS) {
    return unreachable(peer, std::strerror(errno));
  }
  KEYSTONE_CHECK_OK(wait_for(peer, socket, POLLOUT, deadline));
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
    error = errno;
  }
  return error == 0 ? Status() : unreachable(peer, std::strerror(error));
}

bool must_wait(ssize_t result) {
  return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

}  // namespace

keystone::Result<Connection> Connection::open(const PeerAddress& peer, Deadline deadline) {
  const std::string port = std::to_string(peer.port);
  std::string name = peer.host + ":" + port;
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(peer.host.c_str(), port.c_str(), &wanted, &found)) {
    return unreachable(name, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  Status status = unreachable(name, "no address");
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Descriptor socket(::socket(each->ai_family, each->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                               each->ai_protocol));
    status = connect_to(name, socket, *each, deadline);
    if (status) {
      return Connection(std::move(name), std::move(socket));
    }
  }
  return keystone::fail(std::move(status).error());
}

Status Connection::send(keystone::ByteView bytes, Deadline deadline) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (must_wait(sent)) {
      KEYSTONE_CHECK_OK(wait_for(peer_, socket_, POLLOUT, deadline));
    } else if (sent < 0) {
      return unreachable(peer_, std::strerror(errno));
    } else {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
  }
  return {};
}

keystone::Result<std::vector<std::uint8_t>> Connection::receive(std::size_t most,
                                                                Deadline deadline) const {
  std::vector<std::uint8_t> bytes(most);
  for (;;) {
    KEYSTONE_CHECK_OK(wait_for(peer_, socket_, POLLIN, deadline));
    const ssize_t received = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (received >= 0) {
      bytes.resize(static_cast<std::size_t>(received));
      return bytes;
    }
    if (!must_wait(received)) {
      return unreachable(peer_, std::strerror(errno));
    }
  }
}

}  // namespace demo
