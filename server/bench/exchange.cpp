// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include "sockets.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace keystone::bench {
namespace {

constexpr int kLongestWait = 60'000;  // ms, for any answer

std::size_t body_size(std::string_view head) {
  const std::string_view digits = between(head, "Content-Length: ", '\r');
  std::size_t size = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), size);
  return size;
}

}  // namespace

std::string_view between(std::string_view text, std::string_view before, char after) {
  const auto found = text.find(before);
  const auto start = found + before.size();
  const auto end = found == text.npos ? text.npos : text.find(after, start);
  if (end == text.npos) {
    throw std::runtime_error("answer: got none with " + std::string(before));
  }
  return text.substr(start, end - start);
}

Connections::Connections(std::uint16_t port, std::size_t count)
    : events_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (std::uint32_t i = 0; i < count; ++i) {
    connections_.push_back({connect_to(port)});
    epoll_event event{EPOLLIN, {.u32 = i}};
    if (::epoll_ctl(events_.get(), EPOLL_CTL_ADD, connections_.back().socket.get(), &event) != 0) {
      throw std::runtime_error("epoll_ctl");
    }
  }
}

std::vector<std::string> Connections::ask_all(const std::vector<std::string>& requests,
                                              std::string_view wanted) {
  std::vector<std::string> answers(requests.size());
  std::size_t asked = 0;
  const auto ask_next = [&](Connection& connection) {
    if (asked < requests.size()) {
      connection.request = asked++;
      ask(connection, requests[connection.request]);
    }
  };
  std::for_each(connections_.begin(), connections_.end(), ask_next);
  for (std::size_t answered = 0; answered < requests.size();) {
    for (const std::size_t ready : wait()) {
      Connection& connection = connections_[ready];
      if (!receive(connection)) {
        continue;
      }
      latencies_.push_back(static_cast<std::uint64_t>((Clock::now() - connection.asked).count()));
      if (between(connection.answer, "HTTP/1.1 ", ' ') != wanted) {
        throw std::runtime_error("answer: got " + connection.answer);
      }
      answers[connection.request] = std::move(connection.answer);
      ++answered;
      ask_next(connection);
    }
  }
  return answers;
}

void Connections::ask(Connection& connection, const std::string& request) {
  connection.answer.clear();
  connection.asked = Clock::now();
  if (!send_bytes(connection.socket.get(), request)) {
    throw std::runtime_error("request: got no room for it");
  }
}

bool Connections::receive(Connection& connection) {
  std::array<char, 8192> buffer{};
  const ssize_t count = ::recv(connection.socket.get(), buffer.data(), buffer.size(), 0);
  if (count <= 0) {
    throw std::runtime_error("answer: the connection broke");
  }
  std::string& answer = connection.answer;
  answer.append(buffer.data(), static_cast<std::size_t>(count));
  const auto head = answer.find("\r\n\r\n");
  return head != answer.npos && answer.size() >= head + 4 + body_size(answer);
}

std::vector<std::size_t> Connections::wait() const {
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(events_.get(), events.data(), events.size(), kLongestWait);
  if (count <= 0) {
    throw std::runtime_error("answer: got none in time");
  }
  std::vector<std::size_t> ready;
  std::for_each(events.begin(), events.begin() + count,
                [&](const epoll_event& event) { ready.push_back(event.data.u32); });
  return ready;
}

}  // namespace keystone::bench
