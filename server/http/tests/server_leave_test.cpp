// SPDX-License-Identifier: Apache-2.0
// Who may not send a large body is turned away before it is read.
#include "server_fixture.hpp"

#include <new>
#include <stdexcept>
#include <thread>

namespace keystone::server::http::testing {
namespace {

using Kind = TransportEvent::Kind;

std::string head(std::string_view path, std::string_view length, std::string_view more = {}) {
  return std::string("POST ")
      .append(path)
      .append(" HTTP/1.1\r\nHost: a\r\n")
      .append(more)
      .append(length)
      .append("\r\n\r\n");
}

constexpr std::string_view kPass = "X-Pass: yes\r\n";
constexpr std::string_view kLong = "Content-Length: 70000";
constexpr std::string_view kChunked = "Transfer-Encoding: chunked";

// Lets in who says that they may.
std::optional<Response> by_pass(const Request& head) {
  if (head.header("X-Pass") != nullptr) {
    return std::nullopt;
  }
  Response away;
  away.status = 401;
  away.body = head.peer.address + " may not " + head.path + head.body;
  return away;
}

// A server that asks for the pass.
struct Guarded : RunningServer {
  Guarded() { handler->set_turn_away(by_pass); }
};

TEST(Leave, IsRefusedBeforeTheBodyIsSent) {
  const Guarded running;
  for (const std::string_view length : {kLong, kChunked}) {
    const Client client = running.connect();
    ASSERT_TRUE(client.send(head("/large", length)));
    const std::string answer = client.receive_all();
    EXPECT_EQ(status_of(answer), 401U);
    EXPECT_EQ(body_of(answer), "127.0.0.1 may not /large");
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_EQ(running.handler->handled(), 0U);
  EXPECT_EQ(running.handler->wait_for(Kind::request_finished, 2).at(1).status, 401U);
}

TEST(Leave, ThatIsRefusedLeavesNothingOfTheBodyToBeTakenForARequest) {
  const Guarded running;
  const std::string answer =
      running.ask(head("/large", kLong) + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_of(answer), 401U);
  EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos);
  EXPECT_EQ(running.handler->handled(), 0U);
}

TEST(Leave, IsRefusedWithoutAGoAhead) {
  const Guarded running;
  const Client client = running.connect();
  ASSERT_TRUE(client.send(head("/large", kLong, "Expect: 100-continue\r\n")));
  EXPECT_EQ(status_of(client.receive_all()), 401U);
}

TEST(Leave, LetsTheBodyThroughWhole) {
  const Guarded running;
  const std::string body(70'000, 'x');
  Client client = running.connect();
  for (const bool waits : {false, true}) {
    const std::string more = std::string(kPass) + (waits ? "Expect: 100-continue\r\n" : "");
    ASSERT_TRUE(client.send(head("/large", kLong, more)));
    if (waits) {
      EXPECT_EQ(status_of(client.receive_to("\r\n\r\n")), 100U);
    }
    ASSERT_TRUE(client.send(body));
    EXPECT_EQ(body_of(client.receive_answer()), "POST /large  " + body);
  }
  ASSERT_TRUE(client.send(head("/large", kChunked, kPass) + "3\r\nabc\r\n0\r\n\r\n"));
  EXPECT_EQ(body_of(client.receive_answer()), "POST /large  abc");
}

TEST(Leave, IsNotAskedForSmallBodies) {
  const Guarded running;
  Client client = running.connect();
  ASSERT_TRUE(client.send(head("/small", "Content-Length: 3") + "abc"));
  EXPECT_EQ(body_of(client.receive_answer()), "POST /small  abc");
  ASSERT_TRUE(client.send(head("/large", "Content-Length: 0")));
  EXPECT_EQ(body_of(client.receive_answer()), "POST /large  ");
}

TEST(Leave, IsNotGivenWhereTheHandlerFails) {
  const RunningServer running;
  running.handler->set_turn_away([](const Request& head) -> std::optional<Response> {
    if (head.header("X-Pass") != nullptr) {
      throw std::bad_alloc();
    }
    throw std::runtime_error("the secret");
  });
  const std::string broken = running.ask(head("/large", kLong));
  EXPECT_EQ(status_of(broken), 500U);
  EXPECT_EQ(broken.find("secret"), std::string::npos);
  EXPECT_EQ(status_of(running.ask(head("/large", kLong, kPass))), 503U);
  EXPECT_EQ(running.handler->handled(), 0U);
}

TEST(Leave, IsNoneAfterTheServerStops) {
  Gate gate;
  RunningServer running;
  running.handler->set_turn_away([&](const Request&) -> std::optional<Response> {
    gate.pass();
    return std::nullopt;
  });
  const Client client = running.connect();
  ASSERT_TRUE(client.send(head("/large", kLong)));
  gate.wait_for_visitors(1);
  std::thread opener([&] {
    EXPECT_TRUE(client.is_closed());
    gate.open();
  });
  running.server.stop(std::chrono::milliseconds(0));
  opener.join();
  EXPECT_EQ(running.handler->handled(), 0U);
}

}  // namespace
}  // namespace keystone::server::http::testing
