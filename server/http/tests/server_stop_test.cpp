// SPDX-License-Identifier: Apache-2.0
// The end of a server, and a change of its options while it runs.
#include "server_fixture.hpp"

#include <future>

namespace keystone::server::http::testing {
namespace {

using std::chrono::milliseconds;
using Kind = TransportEvent::Kind;

constexpr milliseconds kLongWait{60'000};

// Answers `/wait` when the gate is open.
TestHandler::Answer waits_at(Gate& gate) {
  return [&gate](const Request& request) {
    if (request.path == "/wait") {
      gate.pass();
    }
    return echo(request);
  };
}

TEST(Stop, ClosesWhatIsIdleAndFinishesWhatRuns) {
  Gate gate;
  RunningServer running(plain_options(), waits_at(gate));
  Client idle = running.connect();
  ASSERT_TRUE(idle.send(kGet));
  EXPECT_EQ(status_of(idle.receive_answer()), 200U);
  Client busy = running.connect();
  ASSERT_TRUE(busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  gate.wait_for_visitors(1);
  auto stopped = std::async(std::launch::async, [&] { running.server.stop(kLongWait); });
  EXPECT_TRUE(idle.is_closed());
  gate.open();
  const std::string answer = busy.receive_all();
  EXPECT_EQ(body_of(answer), "GET /wait  ");
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos);
  stopped.wait();
}

TEST(Stop, FinishesARequestThatIsHalfRead) {
  RunningServer running;
  Client client = running.connect();
  Client idle = running.connect();
  ASSERT_TRUE(
      client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                  "Expect: 100-continue\r\n\r\n"));
  (void)client.receive_to("100 Continue\r\n\r\n");
  auto stopped = std::async(std::launch::async, [&] { running.server.stop(kLongWait); });
  EXPECT_TRUE(idle.is_closed());
  ASSERT_TRUE(client.send("ab"));
  EXPECT_EQ(body_of(client.receive_answer()), "POST /x  ab");
  client.end();
  stopped.wait();
}

TEST(Stop, AcceptsNothingMore) {
  RunningServer running;
  const std::uint16_t port = running.port();
  running.server.stop(kLongWait);
  EXPECT_FALSE(Client().connect(port));
}

TEST(Stop, CutsOffWhatDoesNotEndInTime) {
  RunningServer running;
  Client half = running.connect();
  ASSERT_TRUE(half.send(kGet));
  EXPECT_EQ(status_of(half.receive_answer()), 200U);
  ASSERT_TRUE(half.send("GET / HT"));
  running.server.stop(milliseconds(20));
  EXPECT_TRUE(half.is_closed());
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).at(0).reason, "stopping");
}

TEST(Stop, WaitsForAHandlerWhoseClientIsCutOff) {
  Gate gate;
  std::atomic<bool> ended = false;
  RunningServer running(plain_options(), [&](const Request& request) {
    gate.pass();
    ended = true;
    return echo(request);
  });
  Client client = running.connect();
  ASSERT_TRUE(client.send(kGet));
  gate.wait_for_visitors(1);
  auto stopped = std::async(std::launch::async, [&] { running.server.stop(milliseconds(0)); });
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(ended);
  gate.open();
  stopped.wait();
  EXPECT_TRUE(ended);
  EXPECT_FALSE(running.handler->wait_for(Kind::request_finished, 1).at(0).complete);
}

TEST(Stop, MayBeAskedForTwice) {
  RunningServer running;
  running.server.stop(kLongWait);
  running.server.stop(kLongWait);
  EXPECT_FALSE(running.server.reload(plain_options()));
}

// --- Reload ------------------------------------------------------------------------------------

TEST(Reload, ChangesLimitsForTheNextRequestOfAConnection) {
  RunningServer running;
  Client client = running.connect();
  const std::string large =
      "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x') + "\r\n\r\n";
  ASSERT_TRUE(client.send(large));
  EXPECT_EQ(status_of(client.receive_answer()), 200U);
  ServerOptions options = plain_options();
  options.limits.max_head = 1000;
  ASSERT_TRUE(running.server.reload(options));
  ASSERT_TRUE(client.send(large));
  EXPECT_EQ(status_of(client.receive_answer()), 431U);
}

TEST(Reload, ChangesRates) {
  RunningServer running;
  Client client = running.connect();
  ServerOptions options = plain_options();
  options.rates.per_address = {1, 1};
  ASSERT_TRUE(running.server.reload(options));
  ASSERT_TRUE(client.send(kGet));
  EXPECT_EQ(status_of(client.receive_answer()), 200U);
  ASSERT_TRUE(client.send(kGet));
  EXPECT_EQ(status_of(client.receive_answer()), 429U);
}

TEST(Reload, IsRefusedForWhatNeedsAStart) {
  RunningServer running;
  ServerOptions options = plain_options();
  options.listeners[0].port = 1;
  EXPECT_FALSE(running.server.reload(options));
  options = plain_options();
  options.workers = 3;
  EXPECT_FALSE(running.server.reload(options));
  options = plain_options();
  options.listeners[0].tls = TlsOptions{"certificate.pem", "key.pem"};
  EXPECT_FALSE(running.server.reload(options));
  options = plain_options();
  options.limits.max_headers = 0;
  EXPECT_FALSE(running.server.reload(options));
  EXPECT_EQ(status_of(running.ask(kGet)), 200U);
}

}  // namespace
}  // namespace keystone::server::http::testing
