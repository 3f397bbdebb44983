// SPDX-License-Identifier: Apache-2.0
// Processor time of a request, over loopback and on connections that are kept: of this server with
// its workers, and of a bare echo by Beast in one thread. The client's own time is not counted.
#include "http/server.hpp"

#include <array>
#include <ctime>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = keystone::server::http;
using asio::ip::tcp;

constexpr std::size_t kConnections = 32;
constexpr int kRounds = 100;         // an iteration: 3200 requests
constexpr std::size_t kBody = 1000;  // bytes, there and back: about a report

double seconds(clockid_t clock) {
  timespec time{};
  (void)::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// --- The servers -------------------------------------------------------------------------------

class EchoHandler final : public http::Handler {
 public:
  std::size_t max_body(std::string_view, std::string_view) const override { return 2 * kBody; }
  std::optional<std::string> rate_key(const http::Request&) const override { return {}; }
  http::Response handle(const http::Request& request) override {
    http::Response response;
    response.headers = {{"Content-Type", "text/plain"}};
    response.body = request.body;
    return response;
  }
  http::Response refuse(unsigned, std::string_view, std::string_view) const override { return {}; }
  void on_event(const http::TransportEvent&) override {}
};

class OurServer {
 public:
  OurServer()
      : server_(http::HttpServer::start(options(), std::make_shared<EchoHandler>()).value()) {}
  [[nodiscard]] std::uint16_t port() const { return server_.endpoints().front().port; }

 private:
  static http::ServerOptions options() {
    http::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, "public", {}}};
    options.loops = 1;
    options.workers = 2;
    return options;
  }
  http::HttpServer server_;
};

class BareSession : public std::enable_shared_from_this<BareSession> {
 public:
  explicit BareSession(tcp::socket socket) : socket_(std::move(socket)) {}

  void read() {
    request_ = {};
    beast::http::async_read(socket_, buffer_, request_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error) {
                                self->write();
                              }
                            });
  }

 private:
  void write() {
    response_ = {beast::http::status::ok, request_.version()};
    response_.set(beast::http::field::content_type, "text/plain");
    response_.keep_alive(request_.keep_alive());
    response_.body() = std::move(request_.body());
    response_.prepare_payload();
    beast::http::async_write(socket_, response_,
                             [self = shared_from_this()](beast::error_code error, std::size_t) {
                               if (!error) {
                                 self->read();
                               }
                             });
  }

  tcp::socket socket_;
  beast::flat_buffer buffer_;
  beast::http::request<beast::http::string_body> request_;
  beast::http::response<beast::http::string_body> response_;
};

class BareServer {
 public:
  BareServer() : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~BareServer() {
    context_.stop();
    thread_.join();
  }
  BareServer(const BareServer&) = delete;
  BareServer& operator=(const BareServer&) = delete;
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error) {
        socket.set_option(tcp::no_delay(true));
        std::make_shared<BareSession>(std::move(socket))->read();
        accept();
      }
    });
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

// --- The client --------------------------------------------------------------------------------

class Clients {
 public:
  explicit Clients(std::uint16_t port) {
    for (std::size_t i = 0; i < kConnections; ++i) {
      sockets_.emplace_back(context_);
      sockets_.back().connect({asio::ip::address_v4::loopback(), port});
      sockets_.back().set_option(tcp::no_delay(true));
    }
  }

  // A request on each connection, and then its answer on each.
  void round() {
    for (tcp::socket& socket : sockets_) {
      asio::write(socket, asio::buffer(kRequest));
    }
    for (tcp::socket& socket : sockets_) {
      std::string answer;
      while (answer.size() < kBody || answer.find("\r\n\r\n") + 4 + kBody > answer.size()) {
        const std::size_t count = socket.read_some(asio::buffer(buffer_));
        answer.append(buffer_.data(), count);
      }
      if (answer.compare(0, 12, "HTTP/1.1 200") != 0) {
        throw std::runtime_error("no answer");
      }
    }
  }

 private:
  inline static const std::string kRequest =
      "POST /challenge-response/v1/session/0123456789 HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: application/vnd.keystone.report\r\nAccept: */*\r\nContent-Length: " +
      std::to_string(kBody) + "\r\n\r\n" + std::string(kBody, 'x');

  asio::io_context context_;
  std::vector<tcp::socket> sockets_;
  std::array<char, 4096> buffer_{};
};

template <class Server>
void request(benchmark::State& state) {
  const Server server;
  Clients clients(server.port());
  clients.round();
  for (auto _ : state) {
    const double all = seconds(CLOCK_PROCESS_CPUTIME_ID);
    const double own = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < kRounds; ++i) {
      clients.round();
    }
    const double client = seconds(CLOCK_THREAD_CPUTIME_ID) - own;
    const double server_time = seconds(CLOCK_PROCESS_CPUTIME_ID) - all - client;
    state.SetIterationTime(server_time);
  }
}

BENCHMARK(request<BareServer>)->Name("bare_beast")->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(request<OurServer>)
    ->Name("keystone_http")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
