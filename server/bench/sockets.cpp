// SPDX-License-Identifier: Apache-2.0
#include "sockets.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace keystone::bench {
namespace {

void require(bool done, const char* what) {
  if (!done) {
    throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
  }
}

sockaddr_in address_of(std::uint32_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

}  // namespace

Descriptor connect_to(std::uint16_t port, unsigned from) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  require(socket.is_open(), "socket");
  const int on = 1;
  const auto set = [&](int level, int option) {
    require(::setsockopt(socket.get(), level, option, &on, sizeof on) == 0, "setsockopt");
  };
  set(IPPROTO_TCP, TCP_NODELAY);
  set(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  const sockaddr_in own = address_of(INADDR_LOOPBACK + from, 0);
  const sockaddr_in server = address_of(INADDR_LOOPBACK, port);
  require(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0, "bind");
  require(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0,
          "connect");
  require(::fcntl(socket.get(), F_SETFL, O_NONBLOCK) == 0, "fcntl");
  return socket;
}

bool send_bytes(int socket, std::string_view bytes) {
  const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(bytes.size());
}

void raise_file_limit() {
  rlimit files{};
  require(::getrlimit(RLIMIT_NOFILE, &files) == 0, "getrlimit");
  files.rlim_cur = files.rlim_max;
  require(::setrlimit(RLIMIT_NOFILE, &files) == 0, "setrlimit");
}

}  // namespace keystone::bench
