// SPDX-License-Identifier: Apache-2.0
#include "server_fixture.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace keystone::server::http::testing {

Response TestHandler::handle(const Request& request) {
  ++handled_;
  return answer_(request);
}

Response TestHandler::refuse(unsigned, std::string_view, std::string_view reason) const {
  Response response;
  response.headers = {{"Content-Type", "application/problem+json"}};
  response.body = "{\"detail\":\"" + std::string(reason) + "\"}";
  return response;
}

void TestHandler::on_event(const TransportEvent& event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  }
  changed_.notify_all();
}

std::vector<TransportEvent> TestHandler::wait_for(TransportEvent::Kind kind, std::size_t count) {
  std::vector<TransportEvent> found;
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_for(lock, std::chrono::seconds(30), [&] {
    found.clear();
    std::copy_if(events_.begin(), events_.end(), std::back_inserter(found),
                 [kind](const TransportEvent& event) { return event.kind == kind; });
    return found.size() >= count;
  });
  EXPECT_TRUE(came) << "only " << found.size() << " of " << count << " events came";
  return found;
}

void Gate::open() {
  {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
  }
  changed_.notify_all();
}

void Gate::pass() {
  std::unique_lock lock(mutex_);
  ++visitors_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return is_open_; });
}

void Gate::wait_for_visitors(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return visitors_ >= count; });
}

Response echo(const Request& request) {
  Response response;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = request.method + " " + request.path + " " + request.query + " " + request.body;
  return response;
}

ServerOptions plain_options() {
  ServerOptions options;
  options.listeners = {{"127.0.0.1", 0, "public", {}}};
  options.loops = 1;
  options.workers = 2;
  return options;
}

Client::Client() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{30, 0};
  (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Client::Client(std::uint16_t port) : Client() {
  EXPECT_TRUE(connect(port)) << std::strerror(errno);
}

bool Client::connect(std::uint16_t port) const {
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(port);
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0;
}

bool Client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void Client::end() const {
  (void)::shutdown(socket_.get(), SHUT_WR);
}

void Client::reset() {
  const linger none{1, 0};
  (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
  (void)socket_.close();
}

std::string Client::receive_some() const {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  return count <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(count));
}

std::string Client::receive_all() const {
  std::string all;
  for (std::string some = receive_some(); !some.empty(); some = receive_some()) {
    all += some;
  }
  return all;
}

std::string Client::receive_to(std::string_view mark) {
  std::size_t at = held_.find(mark);
  while (at == std::string::npos) {
    const std::string some = receive_some();
    if (some.empty()) {
      return std::exchange(held_, std::string());
    }
    held_ += some;
    at = held_.find(mark);
  }
  const std::string found = held_.substr(0, at + mark.size());
  held_.erase(0, found.size());
  return found;
}

std::string Client::receive_answer() {
  constexpr std::string_view kLength = "Content-Length: ";
  std::string answer = receive_to("\r\n\r\n");
  const std::size_t at = answer.find(kLength);
  if (at == std::string::npos) {
    return answer;
  }
  const std::size_t size = std::stoul(answer.substr(at + kLength.size()));
  while (held_.size() < size) {
    const std::string some = receive_some();
    if (some.empty()) {
      break;
    }
    held_ += some;
  }
  const std::string body = held_.substr(0, size);
  held_.erase(0, body.size());
  return answer + body;
}

bool Client::is_closed() const {
  std::array<char, 4096> buffer{};
  ssize_t count = 1;
  while (count > 0) {
    count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  }
  return count == 0 || errno == ECONNRESET;
}

RunningServer::RunningServer(ServerOptions options, TestHandler::Answer answer)
    : handler(std::make_shared<TestHandler>(std::move(answer))),
      server(HttpServer::start(std::move(options), handler).value()) {}

std::string RunningServer::ask(std::string_view bytes) const {
  const Client client = connect();
  (void)client.send(bytes);
  client.end();
  return client.receive_all();
}

unsigned status_of(std::string_view answer) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (answer.substr(0, kVersion.size()) != kVersion || answer.size() < kVersion.size() + 3) {
    return 0;
  }
  return static_cast<unsigned>(std::stoul(std::string(answer.substr(kVersion.size(), 3))));
}

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

}  // namespace keystone::server::http::testing
