// SPDX-License-Identifier: Apache-2.0
#include "session_client.hpp"

#include "attester.hpp"
#include "keystone/base/base64.hpp"
#include "sockets.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace keystone::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kOpening =
    "POST /challenge-response/v1/newSession HTTP/1.1\r\nHost: localhost\r\n"
    "Accept: application/vnd.veraison.challenge-response-session+json\r\n"
    "Content-Length: 0\r\n\r\n";
constexpr int kLongestWait = 60'000;  // ms, for any answer

// The text between `before` and `after`.
std::string_view between(std::string_view text, std::string_view before, char after) {
  const auto found = text.find(before);
  const auto start = found + before.size();
  const auto end = found == text.npos ? text.npos : text.find(after, start);
  if (end == text.npos) {
    throw std::runtime_error("answer: got none with " + std::string(before));
  }
  return text.substr(start, end - start);
}

// What a device says to a nonce, in the compact form. Each time it is one that nobody has seen
// before, so that the server must check both signatures.
std::string report_for(ByteView nonce) {
  testing::Attester attester;
  attester.sm = testing::key_for({reinterpret_cast<const char*>(nonce.data()), nonce.size()});
  const auto bytes = attester.report(nonce).encode_compact();
  return {bytes.begin(), bytes.end()};
}

// What all connections share.
struct Progress {
  explicit Progress(const Load& wanted) : load(wanted) { latencies.reserve(2 * load.count); }

  Load load;
  std::uint32_t opened = 0;
  std::uint32_t ended = 0;
  std::vector<std::uint64_t> latencies;  // ns
};

// One client: a session after the other on one connection.
class Client {
 public:
  Client(Progress& progress) : progress_(progress), socket_(connect_to(progress.load.port)) {}

  [[nodiscard]] int socket() const { return socket_.get(); }

  void open() {
    if (progress_.opened == progress_.load.count) {
      return;
    }
    ++progress_.opened;
    answering_ = progress_.opened % progress_.load.every == 0;
    status_ = "201";
    ask(kOpening);
  }

  // Takes what has come.
  void receive() {
    std::array<char, 8192> buffer{};
    const ssize_t count = ::recv(socket(), buffer.data(), buffer.size(), 0);
    if (count <= 0) {
      throw std::runtime_error("answer: the connection broke");
    }
    answer_.append(buffer.data(), static_cast<std::size_t>(count));
    const auto head_size = answer_.find("\r\n\r\n");
    if (head_size == answer_.npos || answer_.size() < head_size + 4 + body_size()) {
      return;
    }
    progress_.latencies.push_back(static_cast<std::uint64_t>((Clock::now() - asked_).count()));
    use_answer();
  }

 private:
  void ask(std::string_view request) {
    answer_.clear();
    asked_ = Clock::now();
    if (!send_bytes(socket(), request)) {
      throw std::runtime_error("request: got no room for it");
    }
  }

  [[nodiscard]] std::size_t body_size() const {
    const std::string_view digits = between(answer_, "Content-Length: ", '\r');
    std::size_t size = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), size);
    return size;
  }

  void use_answer() {
    if (between(answer_, "HTTP/1.1 ", ' ') != status_) {
      throw std::runtime_error("answer: got " + answer_);
    }
    if (answering_) {
      answering_ = false;
      status_ = "200";
      return ask(evidence());
    }
    ++progress_.ended;
    open();
  }

  [[nodiscard]] std::string evidence() const {
    const auto nonce = base64::decode("nonce", std::string(between(answer_, "\"nonce\":\"", '"')),
                                      base64::Form::standard);
    const std::string body = report_for(nonce.value());
    return "POST " + std::string(between(answer_, "Location: ", '\r')) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/vnd.keystone.report\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  Progress& progress_;
  Descriptor socket_;
  bool answering_ = false;  // the session that is being opened will be answered
  std::string_view status_;
  std::string answer_;
  Clock::time_point asked_;
};

std::uint64_t quantile(std::vector<std::uint64_t>& values, std::size_t hundredths) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * hundredths / 100);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

Outcome run_sessions(const Load& load) {
  Progress progress(load);
  const Descriptor events(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<Client> clients;
  clients.reserve(load.connections);
  for (std::uint32_t i = 0; i < load.connections; ++i) {
    Client& client = clients.emplace_back(progress);
    epoll_event event{EPOLLIN, {.u32 = i}};
    if (::epoll_ctl(events.get(), EPOLL_CTL_ADD, client.socket(), &event) != 0) {
      throw std::runtime_error("epoll_ctl");
    }
    client.open();
  }
  while (progress.ended < load.count) {
    std::array<epoll_event, 64> ready{};
    const int count = ::epoll_wait(events.get(), ready.data(), ready.size(), kLongestWait);
    if (count <= 0) {
      throw std::runtime_error("answer: got none in time");
    }
    for (int i = 0; i < count; ++i) {
      clients[ready.at(static_cast<std::size_t>(i)).data.u32].receive();
    }
  }
  return {true, progress.opened, quantile(progress.latencies, 50),
          quantile(progress.latencies, 99)};
}

}  // namespace keystone::bench
