// SPDX-License-Identifier: Apache-2.0
// What one client, or all of them, may take.
#include "server_fixture.hpp"

#include <sys/resource.h>

namespace keystone::server::http::testing {
namespace {

using Kind = TransportEvent::Kind;

std::string get_with_key(std::string_view key) {
  return std::string("GET /x HTTP/1.1\r\nHost: a\r\nX-Key: ").append(key).append("\r\n\r\n");
}

std::string get_from(std::string_view address) {
  return std::string("GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ")
      .append(address)
      .append("\r\n\r\n");
}

unsigned ask(Client& client, std::string_view bytes) {
  EXPECT_TRUE(client.send(bytes));
  return status_of(client.receive_answer());
}

// --- Workers -----------------------------------------------------------------------------------

TEST(Overload, IsAnsweredWith503AndTheConnectionGoesOn) {
  Gate gate;
  ServerOptions options = plain_options();
  options.workers = 1;
  options.queue = 1;
  const RunningServer running(options, [&](const Request& request) {
    gate.pass();
    return echo(request);
  });
  Client handled = running.connect();
  ASSERT_TRUE(handled.send(kGet));
  gate.wait_for_visitors(1);
  // Of two more, one finds a place in the queue, and which is not said.
  Client one = running.connect();
  Client two = running.connect();
  ASSERT_TRUE(one.send(kGet));
  ASSERT_TRUE(two.send(kGet));
  const TransportEvent refused = running.handler->wait_for(Kind::request_finished, 1).at(0);
  EXPECT_EQ(refused.status, 503U);
  gate.open();
  EXPECT_EQ(status_of(handled.receive_answer()), 200U);
  const std::string first = one.receive_answer();
  const std::string second = two.receive_answer();
  EXPECT_EQ(status_of(first) + status_of(second), 703U);
  EXPECT_NE((first + second).find("\r\nRetry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(ask(one, kGet), 200U);
  EXPECT_EQ(ask(two, kGet), 200U);
}

TEST(Overload, OfPipelinedRequestsTakesOneWorkerAtATime) {
  Gate gate;
  ServerOptions options = plain_options();
  options.workers = 4;
  const RunningServer running(options, [&](const Request& request) {
    gate.pass();
    return echo(request);
  });
  Client flood = running.connect();
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += kGet;
  }
  ASSERT_TRUE(flood.send(many));
  gate.wait_for_visitors(1);
  Client other = running.connect();
  ASSERT_TRUE(other.send(kGet));
  gate.wait_for_visitors(2);
  EXPECT_EQ(running.handler->handled(), 2U);
  gate.open();
  EXPECT_EQ(status_of(other.receive_answer()), 200U);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(status_of(flood.receive_answer()), 200U);
  }
}

TEST(Overload, OfBodiesIsAnsweredWith503) {
  Gate gate;
  ServerOptions options = plain_options();
  options.limits.max_bodies = 1500;
  const RunningServer running(options, [&](const Request& request) {
    if (request.path == "/wait") {
      gate.pass();
    }
    return echo(request);
  });
  const auto post = [](std::string path) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" +
           std::string(1000, 'x');
  };
  Client first = running.connect();
  ASSERT_TRUE(first.send(post("/wait")));
  gate.wait_for_visitors(1);
  EXPECT_EQ(status_of(running.ask(post("/x"))), 503U);
  gate.open();
  EXPECT_EQ(status_of(first.receive_answer()), 200U);
  EXPECT_EQ(status_of(running.ask(post("/x"))), 200U);
}

TEST(Overload, OfLargeBodiesKeepsOutNoSmallOne) {
  Gate gate;
  ServerOptions options = plain_options();
  constexpr std::size_t kLarge = 100'000;
  options.limits.max_bodies = 3 * kLarge;
  const RunningServer running(options, [&](const Request& request) {
    if (request.path == "/large") {
      gate.pass();
    }
    return echo(request);
  });
  const auto post = [](const std::string& path, std::size_t size) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) +
           "\r\n\r\n" + std::string(size, 'x');
  };
  Client first = running.connect();
  ASSERT_TRUE(first.send(post("/large", kLarge)));
  gate.wait_for_visitors(1);
  EXPECT_EQ(status_of(running.ask(post("/large", kLarge))), 503U);
  EXPECT_EQ(status_of(running.ask(post("/x", 1000))), 200U);
  gate.open();
  EXPECT_EQ(status_of(first.receive_answer()), 200U);
}

// --- Rates -------------------------------------------------------------------------------------

TEST(RateLimit, HoldsForAnAddress) {
  ServerOptions options = plain_options();
  options.rates.per_address = {1, 2};
  options.proxies.trusted = {"127.0.0.1"};
  const RunningServer running(options);
  Client client = running.connect();
  EXPECT_EQ(ask(client, get_from("192.0.2.1")), 200U);
  EXPECT_EQ(ask(client, get_from("192.0.2.1")), 200U);
  ASSERT_TRUE(client.send(get_from("192.0.2.1")));
  const std::string answer = client.receive_answer();
  EXPECT_EQ(status_of(answer), 429U);
  EXPECT_NE(answer.find("\r\nRetry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(ask(client, get_from("192.0.2.2")), 200U);
}

TEST(RateLimit, HoldsForA64OfIPv6) {
  ServerOptions options = plain_options();
  options.rates.per_address = {1, 1};
  options.proxies.trusted = {"127.0.0.1"};
  const RunningServer running(options);
  Client client = running.connect();
  EXPECT_EQ(ask(client, get_from("2001:db8::1")), 200U);
  EXPECT_EQ(ask(client, get_from("2001:db8::2")), 429U);
  EXPECT_EQ(ask(client, get_from("2001:db8:0:1::1")), 200U);
}

TEST(RateLimit, HoldsForAKey) {
  ServerOptions options = plain_options();
  options.rates.per_key = {1, 1};
  const RunningServer running(options);
  Client client = running.connect();
  EXPECT_EQ(ask(client, get_with_key("a")), 200U);
  EXPECT_EQ(ask(client, get_with_key("a")), 429U);
  EXPECT_EQ(ask(client, get_with_key("b")), 200U);
  EXPECT_EQ(ask(client, kGet), 200U);
  EXPECT_EQ(ask(client, kGet), 200U);
}

TEST(RateLimit, LeavesTheBodyOfARefusedRequestUnread) {
  ServerOptions options = plain_options();
  options.rates.per_key = {1, 1};
  const RunningServer running(options);
  (void)running.ask(get_with_key("a"));
  const std::string answer =
      running.ask("POST / HTTP/1.1\r\nHost: a\r\nX-Key: a\r\nContent-Length: 5\r\n\r\nGET /");
  EXPECT_EQ(status_of(answer), 429U);
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_EQ(running.handler->handled(), 1U);
}

// --- Connections -------------------------------------------------------------------------------

TEST(ConnectionLimit, HoldsForAllAndEndsWithThem) {
  ServerOptions options = plain_options();
  options.limits.max_connections = 2;
  const RunningServer running(options);
  {
    Client one = running.connect();
    Client two = running.connect();
    EXPECT_EQ(ask(one, kGet), 200U);
    EXPECT_EQ(ask(two, kGet), 200U);
    EXPECT_TRUE(running.connect().is_closed());
    EXPECT_EQ(running.handler->wait_for(Kind::connection_refused, 1).at(0).reason,
              "too many connections");
  }
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 2).size(), 2U);
  // The event comes before the place is free; who comes between is refused.
  unsigned status = 0;
  while (status == 0) {
    status = status_of(running.ask(kGet));
  }
  EXPECT_EQ(status, 200U);
}

TEST(ConnectionLimit, HoldsForAnAddressButNotForAProxy) {
  ServerOptions options = plain_options();
  options.limits.max_connections_per_address = 1;
  options.proxies.trusted = {"127.0.0.0/8"};
  const RunningServer behind_proxy(options);
  options.proxies.trusted.clear();
  const RunningServer running(options);
  Client one = running.connect();
  EXPECT_EQ(ask(one, kGet), 200U);
  EXPECT_TRUE(running.connect().is_closed());
  Client first = behind_proxy.connect();
  Client second = behind_proxy.connect();
  EXPECT_EQ(ask(first, kGet), 200U);
  EXPECT_EQ(ask(second, kGet), 200U);
}

// The limit is the whole process's: sockets that are there stay, and none is added.
TEST(ConnectionLimit, OfTheSystemIsLivedThrough) {
  const RunningServer running;
  Client kept = running.connect();
  EXPECT_EQ(ask(kept, kGet), 200U);
  Client waiting;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_TRUE(waiting.connect(running.port()));
  EXPECT_EQ(running.handler->wait_for(Kind::connection_refused, 1).at(0).reason, "no room");
  EXPECT_EQ(ask(kept, kGet), 200U);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(ask(waiting, kGet), 200U);
}

}  // namespace
}  // namespace keystone::server::http::testing
