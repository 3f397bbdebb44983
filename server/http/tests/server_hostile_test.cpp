// SPDX-License-Identifier: Apache-2.0
// Clients that do not keep to the rules: each is answered or closed, and others are served.
#include "server_fixture.hpp"

#include <stdexcept>

namespace keystone::server::http::testing {
namespace {

using std::chrono::milliseconds;
using Kind = TransportEvent::Kind;

constexpr milliseconds kSoon{40};

bool serves(const RunningServer& running) {
  return status_of(running.ask(kGet)) == 200;
}

// The answer to bytes after which the client neither sends nor closes.
std::string answer_to_silence_after(const RunningServer& running, std::string_view bytes) {
  const Client client = running.connect();
  (void)client.send(bytes);
  return client.receive_all();
}

ServerOptions with(milliseconds Limits::*time) {
  ServerOptions options = plain_options();
  options.limits.*time = kSoon;
  return options;
}

// --- Slow ones ---------------------------------------------------------------------------------

TEST(SlowClient, IsClosedWhenItSaysNothing) {
  const RunningServer running(with(&Limits::idle_time));
  EXPECT_EQ(answer_to_silence_after(running, ""), "");
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).at(0).reason, "idle");
  EXPECT_TRUE(serves(running));
}

TEST(SlowClient, IsClosedWhenItSaysNothingMore) {
  const RunningServer running(with(&Limits::idle_time));
  EXPECT_EQ(body_of(answer_to_silence_after(running, kGet)), "GET /x  ");
}

TEST(SlowClient, GetsA408ForHalfAHead) {
  const RunningServer running(with(&Limits::header_time));
  EXPECT_EQ(status_of(answer_to_silence_after(running, kGet.substr(0, kGet.size() - 1))), 408U);
  EXPECT_TRUE(serves(running));
}

TEST(SlowClient, GainsNothingBySingleBytes) {
  ServerOptions options = with(&Limits::header_time);
  options.limits.max_head = std::size_t{1} << 30U;
  const RunningServer running(options);
  const Client client = running.connect();
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nX: "));
  while (client.send("x")) {  // until the server has closed
  }
  EXPECT_EQ(running.handler->wait_for(Kind::request_finished, 1).at(0).status, 408U);
}

TEST(SlowClient, GetsA408ForHalfABody) {
  const RunningServer running(with(&Limits::body_time));
  EXPECT_EQ(status_of(answer_to_silence_after(
                running, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx")),
            408U);
  EXPECT_EQ(status_of(answer_to_silence_after(
                running, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n")),
            408U);
  EXPECT_EQ(running.handler->handled(), 0U);
}

TEST(SlowClient, HasMoreTimeForABodyTheMoreOfItHasCome) {
  ServerOptions options = with(&Limits::body_time);
  options.limits.min_body_rate = 1;
  const RunningServer running(options);
  const Client client = running.connect();
  ASSERT_TRUE(client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n" +
                          std::string(100, 'x')));
  for (int i = 0; i < 3; ++i) {  // each takes as long as body_time
    EXPECT_EQ(status_of(answer_to_silence_after(
                  running, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")),
              408U);
  }
  ASSERT_TRUE(client.send("y"));
  client.end();
  EXPECT_EQ(status_of(client.receive_all()), 200U);
}

TEST(SlowClient, EarnsNoLongPauseByABodyThatCameFast) {
  ServerOptions options = with(&Limits::header_time);
  options.limits.min_body_rate = 1;
  const RunningServer running(options);
  EXPECT_EQ(status_of(answer_to_silence_after(
                running, "POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" +
                             std::string(999, 'x'))),
            408U);
  EXPECT_EQ(running.handler->handled(), 0U);
  EXPECT_TRUE(serves(running));
}

TEST(SlowClient, IsCutOffWhenItNeverReads) {
  const RunningServer running(with(&Limits::write_time), [](const Request&) {
    Response response;
    response.body = std::string(std::size_t{64} << 20U, 'x');
    return response;
  });
  const Client client = running.connect();
  ASSERT_TRUE(client.send(kGet));
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).at(0).reason, "timeout");
  EXPECT_FALSE(running.handler->wait_for(Kind::request_finished, 1).at(0).complete);
}

TEST(SlowClient, IsNotWaitedForAfterARefusal) {
  const RunningServer running(with(&Limits::linger_time));
  const Client client = running.connect();
  ASSERT_TRUE(client.send("BAD\r\n\r\n"));
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).size(), 1U);
}

// --- Wrong ones --------------------------------------------------------------------------------

TEST(WrongClient, IsAnsweredAndClosed) {
  const RunningServer running;
  const struct {
    std::string bytes;
    unsigned status;
  } kCases[] = {
      {"\x16\x03\x01\x02", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413},
      {"GET /" + std::string(5000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17000, 'x') + "\r\n\r\n", 431},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
  };
  for (const auto& wrong : kCases) {
    const std::string answer = answer_to_silence_after(running, wrong.bytes);
    EXPECT_EQ(status_of(answer), wrong.status) << wrong.bytes;
    EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos) << wrong.bytes;
    EXPECT_NE(answer.find("\r\nContent-Type: application/problem+json\r\n"), std::string::npos);
  }
  EXPECT_EQ(running.handler->handled(), 0U);
  EXPECT_TRUE(serves(running));
}

TEST(WrongClient, GetsNothingForWhatFollowsARefusal) {
  const RunningServer running;
  const std::string answer = running.ask(
      std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 0\r\n\r\n")
          .append(kGet));
  EXPECT_EQ(status_of(answer), 400U);
  EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos);
  EXPECT_EQ(running.handler->handled(), 0U);
}

TEST(WrongClient, SeesTheRefusalOfABodyThatItStillSends) {
  const RunningServer running;
  const Client client = running.connect();
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n"));
  (void)client.send(std::string(500'000, 'x'));
  client.end();
  EXPECT_EQ(status_of(client.receive_all()), 413U);
}

TEST(WrongClient, GetsNoDetailOfWhatWentWrongHere) {
  const RunningServer running(plain_options(), [](const Request& request) -> Response {
    if (request.path == "/throw") {
      throw std::runtime_error("the secret");
    }
    if (request.path == "/any") {
      throw 7;
    }
    Response response;
    response.headers = {{"Location", "/a\r\nInjected: yes"}};
    return response;
  });
  for (const std::string path : {"/throw", "/any", "/split"}) {
    Client client = running.connect();
    ASSERT_TRUE(client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    const std::string answer = client.receive_answer();
    EXPECT_EQ(status_of(answer), 500U);
    EXPECT_EQ(answer.find("secret"), std::string::npos);
    EXPECT_EQ(answer.find("Injected"), std::string::npos);
  }
}

// --- Abrupt ones -------------------------------------------------------------------------------

TEST(AbruptClient, HarmsNobody) {
  Gate gate;
  const RunningServer running(plain_options(), [&](const Request& request) {
    if (request.path == "/wait") {
      gate.pass();
    }
    return echo(request);
  });
  Client in_head = running.connect();
  ASSERT_TRUE(in_head.send("GET / HT"));
  in_head.reset();
  Client in_body = running.connect();
  ASSERT_TRUE(in_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nx"));
  in_body.reset();
  Client in_answer = running.connect();
  ASSERT_TRUE(in_answer.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  gate.wait_for_visitors(1);
  in_answer.reset();
  gate.open();
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 3).size(), 3U);
  EXPECT_TRUE(serves(running));
}

TEST(AbruptClient, IsStillAnsweredAfterItsHalfClose) {
  const RunningServer running;
  EXPECT_EQ(body_of(running.ask(kGet)), "GET /x  ");
}

TEST(AbruptClient, GetsNothingForHalfARequest) {
  const RunningServer running;
  EXPECT_EQ(running.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nx"), "");
  EXPECT_EQ(running.handler->handled(), 0U);
}

}  // namespace
}  // namespace keystone::server::http::testing
