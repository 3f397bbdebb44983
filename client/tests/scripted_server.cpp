// SPDX-License-Identifier: Apache-2.0
#include "scripted_server.hpp"

#include "keystone/base/assert.hpp"

#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace keystone::testing {
namespace {

// How long the body is to be, as the head says.
std::size_t content_length(const std::string& head) {
  constexpr std::string_view kName = "Content-Length: ";
  const auto at = head.find(kName);
  std::size_t size = 0;
  if (at != std::string::npos) {
    const char* const begin = head.data() + at + kName.size();
    (void)std::from_chars(begin, head.data() + head.size(), size);
  }
  return size;
}

std::string receive(int connection) {
  std::string request;
  std::array<char, 4096> part{};
  for (;;) {
    const auto end = request.find("\r\n\r\n");
    if (end != std::string::npos && request.size() >= end + 4 + content_length(request)) {
      return request;
    }
    const ssize_t count = ::recv(connection, part.data(), part.size(), 0);
    if (count <= 0) {
      return request;
    }
    request.append(part.data(), static_cast<std::size_t>(count));
  }
}

void send_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<Reply> script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  KEYSTONE_ASSERT(::bind(listener_.get(), generic, size) == 0);
  KEYSTONE_ASSERT(::listen(listener_.get(), 64) == 0);
  KEYSTONE_ASSERT(::getsockname(listener_.get(), generic, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  (void)::shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

std::string ScriptedServer::origin() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::serve() {
  for (std::size_t turn = 0;; ++turn) {
    const Descriptor connection(::accept(listener_.get(), nullptr, nullptr));
    if (!connection.is_open()) {
      return;
    }
    const std::string request = receive(connection.get());
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    if (turn < script_.size()) {
      send_all(connection.get(), script_[turn](request));
    }
  }
}

std::string http_answer(const std::string& status, const std::string& headers,
                        const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace keystone::testing
