// SPDX-License-Identifier: Apache-2.0
// Many clients at once on several loops and workers, while options change and the server stops.
#include "server_fixture.hpp"

#include <chrono>
#include <thread>

namespace keystone::server::http::testing {
namespace {

constexpr int kClients = 8;
constexpr int kRequests = 60;

ServerOptions many_threads() {
  ServerOptions options = plain_options();
  options.loops = 3;
  options.workers = 4;
  return options;
}

Response echo_or_stream(const Request& request) {
  if (request.path != "/stream") {
    return echo(request);
  }
  Response response;
  response.stream = [left = 40](std::string& chunk) mutable -> Result<bool> {
    chunk += std::string(1000, 'x');
    return --left > 0;
  };
  return response;
}

std::string post(const std::string& body) {
  return "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// Asks again and again, on connections of different lengths. How many answers were right.
int converse(std::uint16_t port, int number) {
  int right = 0;
  for (int i = 0; i < kRequests;) {
    Client client(port);
    for (int on_this = 0; on_this <= number % 5 && i < kRequests; ++on_this, ++i) {
      const std::string body = std::to_string(number * 1000 + i);
      (void)client.send(post(body));
      right += body_of(client.receive_answer()) == "POST /x  " + body ? 1 : 0;
    }
    if (number % 2 == 0) {
      (void)client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
      (void)client.receive_some();
      client.reset();
    }
  }
  return right;
}

TEST(ServerThreads, AnswerManyClientsWhileOptionsChange) {
  RunningServer running(many_threads(), echo_or_stream);
  std::atomic<int> right = 0;
  std::atomic<int> running_clients = kClients;
  std::vector<std::thread> clients;
  for (int number = 0; number < kClients; ++number) {
    clients.emplace_back([&, number] {
      right += converse(running.port(), number);
      --running_clients;
    });
  }
  ServerOptions options = many_threads();
  while (running_clients > 0) {
    options.limits.max_headers = options.limits.max_headers == 100 ? 50 : 100;
    options.rates.per_address.per_second =
        options.rates.per_address.per_second == 0 ? 1'000'000 : 0;
    options.rates.per_address.burst = 1'000'000;
    EXPECT_TRUE(running.server.reload(options));
    std::this_thread::yield();
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(right, kClients * kRequests);
}

// Whatever a client is at when the server stops, it gets whole answers or none.
TEST(ServerThreads, StopWhileTheyServe) {
  for (const int grace : {0, 5'000}) {
    RunningServer running(many_threads(), echo_or_stream);
    std::atomic<int> answered = 0;
    std::vector<std::thread> clients;
    for (int number = 0; number < kClients; ++number) {
      clients.emplace_back([&, port = running.port()] {
        Client client;
        for (bool goes_on = client.connect(port); goes_on;) {
          (void)client.send(post("abc"));
          const std::string answer = client.receive_answer();
          EXPECT_TRUE(answer.empty() || body_of(answer) == "POST /x  abc") << answer;
          goes_on = !answer.empty();
          answered += goes_on ? 1 : 0;
        }
      });
    }
    while (answered < 3 * kClients) {
      std::this_thread::yield();
    }
    running.server.stop(std::chrono::milliseconds(grace));
    for (std::thread& client : clients) {
      client.join();
    }
  }
}

}  // namespace
}  // namespace keystone::server::http::testing
