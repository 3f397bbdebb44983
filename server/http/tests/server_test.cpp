// SPDX-License-Identifier: Apache-2.0
// What a well-behaved client gets.
#include "server_fixture.hpp"

#include <set>

namespace keystone::server::http::testing {
namespace {

using Kind = TransportEvent::Kind;

constexpr std::string_view kGetWithQuery = "GET /x?q HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(std::string_view headers, std::string_view body) {
  return std::string("POST /x HTTP/1.1\r\nHost: a\r\n").append(headers).append("\r\n").append(body);
}

TEST(HttpServer, AnswersARequest) {
  const RunningServer running;
  const std::string answer = running.ask(kGetWithQuery);
  EXPECT_EQ(status_of(answer), 200U);
  EXPECT_EQ(body_of(answer), "GET /x q ");
  EXPECT_NE(answer.find("\r\nServer: keystone-attestd\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
}

TEST(HttpServer, TakesBodiesOfALengthAndInChunks) {
  const RunningServer running;
  EXPECT_EQ(body_of(running.ask(post("Content-Length: 3\r\n", "abc"))), "POST /x  abc");
  EXPECT_EQ(body_of(running.ask(
                post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"))),
            "POST /x  abc");
}

TEST(HttpServer, KeepsTheConnectionForFurtherRequests) {
  const RunningServer running;
  Client client = running.connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(kGetWithQuery));
    const std::string answer = client.receive_answer();
    EXPECT_EQ(body_of(answer), "GET /x q ");
    EXPECT_EQ(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_EQ(running.handler->wait_for(Kind::connection_opened, 1).size(), 1U);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const RunningServer running;
  Client client = running.connect();
  std::string many;
  for (int i = 0; i < 50; ++i) {
    many += post("Content-Length: 2\r\n", std::to_string(10 + i));
  }
  ASSERT_TRUE(client.send(many));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(body_of(client.receive_answer()), "POST /x  " + std::to_string(10 + i));
  }
}

TEST(HttpServer, ClosesWhereTheClientAsksForIt) {
  const RunningServer running;
  for (const std::string text :
       {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    const Client client = running.connect();
    ASSERT_TRUE(client.send(text));
    const std::string answer = client.receive_all();  // ends, though the client has not
    EXPECT_EQ(status_of(answer), 200U);
    EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos);
  }
}

TEST(HttpServer, SendsNoBodyToHead) {
  const RunningServer running;
  const std::string answer = running.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(answer), "");
  EXPECT_NE(answer.find("\r\nContent-Length: 9\r\n"), std::string::npos);
}

TEST(HttpServer, GivesTheGoAheadForABody) {
  const RunningServer running;
  Client client = running.connect();
  ASSERT_TRUE(client.send(post("Content-Length: 3\r\nExpect: 100-continue\r\n", "")));
  EXPECT_EQ(client.receive_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client.send("abc"));
  EXPECT_EQ(body_of(client.receive_answer()), "POST /x  abc");
}

TEST(HttpServer, GivesNoGoAheadForABodyThatIsTooLarge) {
  const RunningServer running;
  Client client = running.connect();
  ASSERT_TRUE(client.send(post("Content-Length: 1001\r\nExpect: 100-continue\r\n", "")));
  EXPECT_EQ(status_of(client.receive_to("\r\n\r\n")), 413U);
}

TEST(HttpServer, MakesTheIdsOfRequestsItself) {
  std::mutex mutex;
  std::set<std::string> ids;
  const RunningServer running(plain_options(), [&](const Request& request) {
    const std::lock_guard lock(mutex);
    ids.insert(request.id);
    return Response();
  });
  for (int i = 0; i < 3; ++i) {
    const std::string answer =
        running.ask("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: 123\r\n\r\n");
    EXPECT_EQ(answer.find("X-Request-Id: 123\r\n"), std::string::npos);
    EXPECT_NE(answer.find("X-Request-Id: "), std::string::npos);
  }
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_EQ(ids.begin()->size(), 32U);
  EXPECT_EQ(ids.count("123"), 0U);
}

TEST(HttpServer, SaysWhoAsks) {
  ServerOptions options = plain_options();
  options.listeners.push_back({"127.0.0.1", 0, "admin", {}});
  const RunningServer running(options, [](const Request& request) {
    Response response;
    response.body = request.listener + " " + request.peer.address +
                    (request.peer.loopback ? " loopback" : "") + (request.peer.tls ? " tls" : "");
    return response;
  });
  EXPECT_EQ(body_of(running.ask(kGetWithQuery)), "public 127.0.0.1 loopback");
  Client admin(running.server.endpoints().at(1).port);
  ASSERT_TRUE(admin.send(kGetWithQuery));
  EXPECT_EQ(body_of(admin.receive_answer()), "admin 127.0.0.1 loopback");
}

TEST(HttpServer, TellsOfEveryRequest) {
  const RunningServer running;
  (void)running.ask(post("Content-Length: 3\r\n", "abc"));
  const TransportEvent event = running.handler->wait_for(Kind::request_finished, 1).at(0);
  EXPECT_EQ(event.method, "POST");
  EXPECT_EQ(event.path, "/x");
  EXPECT_EQ(event.listener, "public");
  EXPECT_EQ(event.peer, "127.0.0.1");
  EXPECT_EQ(event.request_id.size(), 32U);
  EXPECT_EQ(event.status, 200U);
  EXPECT_TRUE(event.complete);
  EXPECT_EQ(event.received, 3U);
  EXPECT_EQ(event.sent, 12U);
  EXPECT_GT(event.duration.count(), 0);
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 1).size(), 1U);
}

TEST(HttpServer, AnswersWithALargeBody) {
  const std::string large(std::size_t{5} << 20U, 'x');
  const RunningServer running(plain_options(), [&](const Request&) {
    Response response;
    response.body = large;
    return response;
  });
  EXPECT_TRUE(body_of(running.ask(kGetWithQuery)) == large);
}

// --- Forwarded addresses -----------------------------------------------------------------------

std::string peer_seen(const Proxies& proxies, std::string_view headers) {
  ServerOptions options = plain_options();
  options.proxies = proxies;
  const RunningServer running(options, [](const Request& request) {
    Response response;
    response.body = request.peer.address + (request.peer.loopback ? " loopback" : "");
    return response;
  });
  return body_of(
      running.ask(std::string("GET / HTTP/1.1\r\nHost: a\r\n").append(headers) + "\r\n"));
}

TEST(HttpServer, BelievesProxiesThatAreConfigured) {
  const Proxies trusted = {{"127.0.0.1"}, ForwardedHeader::x_forwarded_for};
  EXPECT_EQ(peer_seen(trusted, "X-Forwarded-For: 192.0.2.1\r\n"), "192.0.2.1");
  EXPECT_EQ(peer_seen(trusted, "X-Forwarded-For: 127.0.0.1, 192.0.2.1\r\n"), "192.0.2.1");
}

TEST(HttpServer, BelievesNobodyElse) {
  EXPECT_EQ(peer_seen({}, "X-Forwarded-For: 192.0.2.1\r\n"), "127.0.0.1 loopback");
  EXPECT_EQ(peer_seen({{"192.0.2.0/24"}}, "X-Forwarded-For: 192.0.2.1\r\n"), "127.0.0.1 loopback");
}

TEST(HttpServer, TakesNobodyBehindAProxyForLoopback) {
  const Proxies trusted = {{"127.0.0.0/8"}, ForwardedHeader::x_forwarded_for};
  EXPECT_EQ(peer_seen(trusted, ""), "127.0.0.1");
  EXPECT_EQ(peer_seen(trusted, "X-Forwarded-For: 127.0.0.1\r\n"), "127.0.0.1");
  EXPECT_EQ(peer_seen(trusted, "X-Forwarded-For: unknown\r\n"), "127.0.0.1");
}

// --- Options -----------------------------------------------------------------------------------

ErrorCode refusal_of(const ServerOptions& options) {
  const auto started = HttpServer::start(options, std::make_shared<TestHandler>(echo));
  EXPECT_FALSE(started.has_value());
  return started ? ErrorCode::internal : started.error().code;
}

TEST(HttpServer, RefusesOptionsThatMakeNoSense) {
  ServerOptions options = plain_options();
  options.listeners.clear();
  EXPECT_EQ(refusal_of(options), ErrorCode::usage);
  options = plain_options();
  options.listeners[0].address = "localhost";
  EXPECT_EQ(refusal_of(options), ErrorCode::usage);
  options = plain_options();
  options.limits.header_time = std::chrono::milliseconds(0);
  EXPECT_EQ(refusal_of(options), ErrorCode::usage);
  options = plain_options();
  options.proxies.trusted = {"proxy"};
  EXPECT_EQ(refusal_of(options), ErrorCode::usage);
}

TEST(HttpServer, CannotListenWhereAnotherDoes) {
  const RunningServer running;
  ServerOptions options = plain_options();
  options.listeners[0].port = running.port();
  EXPECT_EQ(refusal_of(options), ErrorCode::unwritable);
}

}  // namespace
}  // namespace keystone::server::http::testing
