// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/handler.hpp"
#include "http/options.hpp"
#include "keystone/base/result.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace keystone::server::http {

// Where a listener can be reached.
struct Endpoint {
  std::string name;
  std::string address;
  std::uint16_t port;
  bool tls;
};

// Fails as HttpServer::start() would for these options and the TLS files that they name, and
// listens nowhere.
[[nodiscard]] Status check_options(const ServerOptions& options);

// HTTP/1.1 for many clients at once. It knows nothing of what is asked: a Handler answers, on
// workers of its own, so that one that waits holds up nobody's bytes.
//
// Memory: a connection without a request has no buffer; one with a request has its head and body,
// within Limits, and an answer that the client has yet to take.
class HttpServer {
 public:
  // Listens and serves, until stop(). Fails with `usage` for options that make no sense, with
  // `unreadable` or `malformed` for TLS files, with `unwritable` where it cannot listen.
  [[nodiscard]] static Result<HttpServer> start(ServerOptions options,
                                                std::shared_ptr<Handler> handler);

  HttpServer(HttpServer&& other) noexcept;
  HttpServer& operator=(HttpServer&& other) noexcept;
  ~HttpServer();  // stops without grace

  // One for each of the options' listeners, in their order, with the ports that they got.
  [[nodiscard]] const std::vector<Endpoint>& endpoints() const;

  // Takes TLS files, limits, rates and proxies anew; drops no connection. Connections keep the
  // certificate they began with, and take the rest from their next request on. Not to be called by
  // the handler. Fails as start(), and with `usage` after stop() or if listeners, loops, workers or
  // the queue differ; then nothing has changed.
  [[nodiscard]] Status reload(const ServerOptions& options);

  // Accepts nothing more, closes what is idle, lets requests that have begun end, for `grace` at
  // most, then cuts them off. Returns when no thread is left; a handler that still runs is waited
  // for. To call it twice is harmless.
  void stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace keystone::server::http
