// SPDX-License-Identifier: Apache-2.0
// A server without memory answers worse, and goes on.
#include "keystone/testing/memory.hpp"
#include "server_fixture.hpp"

#include <new>

namespace keystone::server::http::testing {
namespace {

using keystone::testing::fail_allocations;
using Kind = TransportEvent::Kind;

std::string get(std::string_view path) {
  return std::string("GET ").append(path).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
}

// Of a worker's thread.
Response without_memory(const Request& request) {
  if (request.path == "/throw") {
    throw std::bad_alloc();
  }
  Response response;
  if (request.path == "/handler") {
    fail_allocations(0, 1);
    response.body = std::string(1000, 'x');
  } else if (request.path == "/after") {
    fail_allocations(0, 1);  // which is what hands over the answer
  } else if (request.path == "/stream") {
    response.stream = [](std::string& chunk) -> Result<bool> {
      chunk = "abc";
      fail_allocations(0, 1);
      return false;
    };
  }
  return response;
}

TEST(Memory, ThatAHandlerLacksIsA503AndTheConnectionGoesOn) {
  const RunningServer running(plain_options(), without_memory);
  Client client = running.connect();
  for (const std::string_view path : {"/throw", "/handler"}) {
    ASSERT_TRUE(client.send(get(path)));
    const std::string answer = client.receive_answer();
    EXPECT_EQ(status_of(answer), 503U);
    EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
  }
  ASSERT_TRUE(client.send(get("/")));
  EXPECT_EQ(status_of(client.receive_answer()), 200U);
}

TEST(Memory, ThatIsLackingForTheWayBackEndsTheConnectionAlone) {
  const RunningServer running(plain_options(), without_memory);
  Client other = running.connect();
  for (const std::string_view path : {"/after", "/stream"}) {
    const std::string answer = running.ask(get(path));
    EXPECT_FALSE(answer.ends_with("0\r\n\r\n")) << answer;
    ASSERT_TRUE(other.send(get("/")));
    EXPECT_EQ(status_of(other.receive_answer()), 200U);
  }
  const auto closed = running.handler->wait_for(Kind::connection_closed, 2);
  EXPECT_EQ(closed.at(0).reason, "internal");
  EXPECT_EQ(closed.at(1).reason, "internal");
}

}  // namespace
}  // namespace keystone::server::http::testing
