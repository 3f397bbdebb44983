// SPDX-License-Identifier: Apache-2.0
// Answers in pieces.
#include "server_fixture.hpp"

#include <stdexcept>
#include <thread>

namespace keystone::server::http::testing {
namespace {

using Kind = TransportEvent::Kind;

// The body that chunks spell; what is malformed or lacks its end is a failure of the test.
std::string without_chunks(std::string text) {
  std::string body;
  for (;;) {
    const std::size_t line = text.find("\r\n");
    if (line == std::string::npos) {
      ADD_FAILURE() << "a chunk lacks its size";
      return body;
    }
    const std::size_t size = std::stoul(text.substr(0, line), nullptr, 16);
    EXPECT_GE(text.size(), line + size + 4);
    EXPECT_EQ(text.substr(line + 2 + size, 2), "\r\n");
    if (size == 0) {
      return body;
    }
    body += text.substr(line + 2, size);
    text.erase(0, line + size + 4);
  }
}

// Numbers, one a line, up to `count`.
BodySource numbers(int count) {
  return [next = 0, count](std::string& chunk) mutable -> Result<bool> {
    chunk += std::to_string(next++) + "\n";
    return next < count;
  };
}

TestHandler::Answer streams(int count) {
  return [count](const Request&) {
    Response response;
    response.stream = numbers(count);
    return response;
  };
}

std::string all_numbers(int count) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    all += std::to_string(i) + "\n";
  }
  return all;
}

TEST(Stream, ComesInChunksAndTheConnectionGoesOn) {
  const RunningServer running(plain_options(), streams(20'000));
  Client client = running.connect();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.send(kGet));
    EXPECT_NE(client.receive_to("\r\n\r\n").find("Transfer-Encoding: chunked"), std::string::npos);
    EXPECT_EQ(without_chunks(client.receive_to("\r\n0\r\n\r\n")), all_numbers(20'000));
  }
  const TransportEvent event = running.handler->wait_for(Kind::request_finished, 1).at(0);
  EXPECT_EQ(event.sent, all_numbers(20'000).size());
  EXPECT_TRUE(event.complete);
}

TEST(Stream, MayBeEmpty) {
  const RunningServer running(plain_options(), [](const Request&) {
    Response response;
    response.stream = [](std::string&) -> Result<bool> { return false; };
    return response;
  });
  EXPECT_EQ(body_of(running.ask(kGet)), "0\r\n\r\n");
}

TEST(Stream, EndsWithTheConnectionForAClientOfHttp10) {
  const RunningServer running(plain_options(), streams(9));
  const std::string answer = running.ask("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(body_of(answer), all_numbers(9));
  EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos);
}

TEST(Stream, IsNotMadeForHead) {
  const RunningServer running(plain_options(), [](const Request&) {
    Response response;
    response.stream = [](std::string&) -> Result<bool> { throw std::runtime_error("called"); };
    return response;
  });
  const std::string answer = running.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_of(answer), 200U);
  EXPECT_EQ(body_of(answer), "");
}

TEST(Stream, ThatFailsIsVisiblyBrokenOff) {
  const RunningServer running(plain_options(), [](const Request& request) {
    Response response;
    response.stream = [count = 0, throws = request.path ==
                                           "/throw"](std::string& chunk) mutable -> Result<bool> {
      if (++count > 2 && throws) {
        throw std::runtime_error("the secret");
      }
      if (count > 2) {
        return fail(ErrorCode::unreachable, "the secret");
      }
      chunk += std::string(20'000, 'x');
      return true;
    };
    return response;
  });
  for (const std::string path : {"/throw", "/fail"}) {
    const std::string answer = running.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(status_of(answer), 200U);
    EXPECT_EQ(answer.find("\r\n0\r\n"), std::string::npos);
    EXPECT_EQ(answer.find("secret"), std::string::npos);
  }
  EXPECT_FALSE(running.handler->wait_for(Kind::request_finished, 2).at(1).complete);
}

// What the client does not take is not made: the source is asked only for what the sockets hold.
TEST(Stream, WaitsForTheClient) {
  std::atomic<std::size_t> made = 0;
  const RunningServer running(plain_options(), [&](const Request& request) {
    Response response;
    if (request.path == "/other") {
      return response;
    }
    response.stream = [&made](std::string& chunk) -> Result<bool> {
      chunk += std::string(16 * 1024, 'x');
      return ++made < 10'000;
    };
    return response;
  });
  Client client = running.connect();
  ASSERT_TRUE(client.send(kGet));
  (void)client.receive_to("\r\n\r\n");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(status_of(running.ask("GET /other HTTP/1.1\r\nHost: a\r\n\r\n")), 200U);
  }
  EXPECT_LT(made, 5'000U);  // of 160 MB
  std::size_t received = 0;
  for (std::string some = client.receive_some(); received < (std::size_t{100} << 20U);
       some = client.receive_some()) {
    ASSERT_FALSE(some.empty());
    received += some.size();
  }
  EXPECT_GT(made, 6'000U);
}

// A client that takes a little now and then never lets a piece wait for long.
TEST(Stream, HasATimeForAllOfIt) {
  ServerOptions options = plain_options();
  options.limits.stream_time = std::chrono::milliseconds(300);
  const RunningServer running(options, [](const Request&) {
    Response response;
    response.stream = [made = 0](std::string& chunk) mutable -> Result<bool> {
      chunk += std::string(16 * 1024, 'x');
      return ++made < 20'000;
    };
    return response;
  });
  const Client client = running.connect();
  ASSERT_TRUE(client.send(kGet));
  std::string answer;
  for (std::string some = client.receive_some(); !some.empty(); some = client.receive_some()) {
    answer = answer.substr(answer.size() < 7 ? 0 : answer.size() - 7) + some;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_FALSE(answer.ends_with("\r\n0\r\n\r\n"));
  const TransportEvent event = running.handler->wait_for(Kind::request_finished, 1).at(0);
  EXPECT_FALSE(event.complete);
  EXPECT_GE(event.duration, options.limits.stream_time);
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).at(0).reason, "timeout");
}

TEST(Stream, HasThatTimeWhereAPieceIsNotTakenToo) {
  ServerOptions options = plain_options();
  options.limits.stream_time = std::chrono::milliseconds(50);
  options.limits.write_time = std::chrono::milliseconds(10'000);
  const RunningServer running(options, [](const Request&) {
    Response response;
    response.stream = [](std::string& chunk) -> Result<bool> {
      chunk += std::string(std::size_t{1} << 20U, 'x');
      return true;
    };
    return response;
  });
  const Client client = running.connect();
  ASSERT_TRUE(client.send(kGet));
  const TransportEvent event = running.handler->wait_for(Kind::request_finished, 1).at(0);
  EXPECT_FALSE(event.complete);
  EXPECT_LT(event.duration, options.limits.write_time);
}

TEST(Stream, HasThatTimeWhereTheSourceIsSlowToo) {
  Gate gate;
  ServerOptions options = plain_options();
  options.limits.stream_time = std::chrono::milliseconds(50);
  const RunningServer running(options, [&](const Request&) {
    Response response;
    response.stream = [&](std::string&) -> Result<bool> {
      gate.pass();
      return false;
    };
    return response;
  });
  const Client client = running.connect();
  ASSERT_TRUE(client.send(kGet));
  EXPECT_FALSE(client.receive_all().ends_with("0\r\n\r\n"));
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).at(0).reason, "timeout");
  gate.open();
}

TEST(Stream, OfAClientThatLeavesIsLetGo) {
  const auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = alive;
  RunningServer running(plain_options(), [alive](const Request&) {
    Response response;
    response.stream = [alive = alive](std::string& chunk) -> Result<bool> {
      chunk += std::string(16 * 1024, 'x');
      return true;
    };
    return response;
  });
  Client client = running.connect();
  ASSERT_TRUE(client.send(kGet));
  (void)client.receive_to("\r\n\r\n");
  client.reset();
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).size(), 1U);
  running.server.stop(std::chrono::milliseconds(0));
}

}  // namespace
}  // namespace keystone::server::http::testing
