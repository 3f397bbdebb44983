// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/server.hpp"
#include "keystone/base/descriptor.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// A server on loopback, a handler that does what a test says, and a client that sends what no
// library would.
namespace keystone::server::http::testing {

inline constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

// Answers every request with what `answer` makes of it; notes the events.
class TestHandler final : public Handler {
 public:
  using Answer = std::function<Response(const Request&)>;

  explicit TestHandler(Answer answer) : answer_(std::move(answer)) {}

  std::size_t max_body(std::string_view, std::string_view path) const override {
    return path == "/large" ? std::size_t{64} << 20U : 1000;
  }
  std::optional<Response> turn_away(const Request& head) override {
    return turn_away_ ? turn_away_(head) : std::nullopt;
  }
  std::optional<std::string> rate_key(const Request& head) const override {
    const std::string* const key = head.header("X-Key");
    return key == nullptr ? std::nullopt : std::optional(*key);
  }
  Response handle(const Request& request) override;
  Response refuse(unsigned status, std::string_view request_id,
                  std::string_view reason) const override;
  void on_event(const TransportEvent& event) override;

  [[nodiscard]] std::size_t handled() const { return handled_; }

  // What decides on large bodies from now on; before the first request.
  void set_turn_away(std::function<std::optional<Response>(const Request&)> turn_away) {
    turn_away_ = std::move(turn_away);
  }

  // Waits until as many events of that kind were told, and gives them all.
  [[nodiscard]] std::vector<TransportEvent> wait_for(TransportEvent::Kind kind, std::size_t count);

 private:
  Answer answer_;
  std::function<std::optional<Response>(const Request&)> turn_away_;
  std::atomic<std::size_t> handled_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<TransportEvent> events_;
};

// A door that those who wait before it pass once it is open.
class Gate {
 public:
  void open();
  void pass();
  void wait_for_visitors(std::size_t count);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  std::size_t visitors_ = 0;
};

// Method, path, query and body, as the handler saw them, in a line.
[[nodiscard]] Response echo(const Request& request);

// Plain HTTP on loopback, with one event loop and deadlines that no test reaches unless it changes
// them.
[[nodiscard]] ServerOptions plain_options();

// A blocking socket. What does not come within half a minute makes a test fail.
class Client {
 public:
  Client();  // not connected
  explicit Client(std::uint16_t port);

  bool connect(std::uint16_t port) const;  // to 127.0.0.1
  [[nodiscard]] int socket() const { return socket_.get(); }
  // Whether the system took all of it.
  bool send(std::string_view bytes) const;
  void end() const;  // sends no more
  void reset();      // closes so that the server gets an error, not an end
  [[nodiscard]] std::string receive_some() const;               // empty: the end, or an error
  [[nodiscard]] std::string receive_all() const;                // until the end
  [[nodiscard]] std::string receive_to(std::string_view mark);  // including it

  // One answer with Content-Length: head and body.
  [[nodiscard]] std::string receive_answer();

  // Whether the server closed the connection, whatever it sent before.
  [[nodiscard]] bool is_closed() const;

 private:
  Descriptor socket_;
  std::string held_;
};

// A server that runs as long as this lives.
struct RunningServer {
  explicit RunningServer(ServerOptions options = plain_options(),
                         TestHandler::Answer answer = echo);

  [[nodiscard]] std::uint16_t port() const { return server.endpoints().at(0).port; }
  [[nodiscard]] Client connect() const { return Client(port()); }
  // What comes back until the connection ends, to bytes after which nothing more is sent.
  [[nodiscard]] std::string ask(std::string_view bytes) const;

  std::shared_ptr<TestHandler> handler;
  HttpServer server;
};

// The three digits of an answer; nought: it has none.
[[nodiscard]] unsigned status_of(std::string_view answer);

// What follows the head.
[[nodiscard]] std::string body_of(const std::string& answer);

}  // namespace keystone::server::http::testing
