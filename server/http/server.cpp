// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include "http/src/listener.hpp"
#include "http/src/loop.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <unistd.h>

namespace keystone::server::http {
namespace {

bool is_same_place(const ListenerOptions& a, const ListenerOptions& b) {
  return a.address == b.address && a.port == b.port && a.name == b.name &&
         a.tls.has_value() == b.tls.has_value();
}

Status check_same_places(const ServerOptions& old, const ServerOptions& now) {
  const bool is_same = old.loops == now.loops && old.workers == now.workers &&
                       old.queue == now.queue &&
                       std::equal(old.listeners.begin(), old.listeners.end(), now.listeners.begin(),
                                  now.listeners.end(), is_same_place);
  return is_same ? Status()
                 : fail(ErrorCode::usage,
                        "listeners, loops, workers, queue: got others, want those of the start");
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(ServerOptions options, std::shared_ptr<Handler> handler,
       const std::shared_ptr<const Settings>& settings)
      : options_(std::move(options)), core_(options_, std::move(handler)), settings_(settings) {
    const std::size_t loops =
        options_.loops > 0 ? options_.loops : std::max(1U, std::thread::hardware_concurrency());
    for (std::size_t i = 0; i < loops; ++i) {
      loops_.push_back(std::make_unique<Loop>(core_, settings));
    }
  }
  ~Impl() { stop(std::chrono::milliseconds(0)); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] Status listen() {
    for (const ListenerOptions& listener : options_.listeners) {
      KEYSTONE_TRY(auto opened, Listener::open(loops_.front()->context(), listener));
      endpoints_.push_back(opened->endpoint());
      listeners_.push_back(std::move(opened));
    }
    return {};
  }

  void start() {
    is_stopped_ = false;
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      listeners_[i]->start(
          [this, i](int socket, const IpAddress& address) { take(i, socket, address); },
          [this, i] { tell_refused(i, {}, "no room"); });
    }
    for (const auto& loop : loops_) {
      loop->start();
    }
  }

  [[nodiscard]] const std::vector<Endpoint>& endpoints() const { return endpoints_; }

  [[nodiscard]] Status reload(const ServerOptions& options) {
    if (is_stopped_) {
      return fail(ErrorCode::usage, "server: got a reload after its end, want one before");
    }
    KEYSTONE_CHECK_OK(check_same_places(options_, options));
    KEYSTONE_TRY(const auto settings, Settings::make(options));
    core_.addresses.configure(options.rates.per_address, options.rates.max_tracked);
    core_.keys.configure(options.rates.per_key, options.rates.max_tracked);
    for (const auto& loop : loops_) {
      loop->apply(settings);
    }
    loops_.front()->post([this, settings] { settings_ = settings; });
    return {};
  }

  // Workers end only when no connection waits for them, and loops after them: their answers are
  // still taken in.
  void stop(std::chrono::milliseconds grace) {
    if (std::exchange(is_stopped_, true)) {
      return;
    }
    loops_.front()->post([this] {
      for (const auto& listener : listeners_) {
        listener->close();
      }
    });
    const Loop::Time cut_at = Loop::Clock::now() + grace;
    std::vector<std::future<void>> drained;
    for (const auto& loop : loops_) {
      drained.push_back(loop->stop(cut_at));
    }
    for (auto& one : drained) {
      one.wait();
    }
    core_.pool.stop();
    for (const auto& loop : loops_) {
      loop->join();
    }
  }

 private:
  // On the first loop's thread.
  void take(std::size_t listener, int socket, const IpAddress& address) {
    using boost::asio::ip::tcp;
    Loop& loop = *loops_[next_++ % loops_.size()];
    tcp::socket owned(loop.context());
    boost::system::error_code error;
    (void)owned.assign(address.is_v4() ? tcp::v4() : tcp::v6(), socket, error);
    if (error) {
      (void)::close(socket);
      tell_refused(listener, address.text(), "no room");
      return;
    }
    const bool is_proxy = settings_->proxies.contain(address);
    const Limits& limits = settings_->limits;
    auto place = core_.admission.enter(is_proxy ? std::nullopt : std::optional(address.group()),
                                       limits.max_connections, limits.max_connections_per_address);
    if (!place) {
      tell_refused(listener, address.text(), "too many connections");
      return;
    }
    loop.adopt({std::move(owned), address, listener, std::move(*place)});
  }

  void tell_refused(std::size_t listener, std::string peer, std::string_view reason) {
    TransportEvent event;
    event.kind = TransportEvent::Kind::connection_refused;
    event.listener = options_.listeners[listener].name;
    event.peer = std::move(peer);
    event.reason = reason;
    loops_.front()->tell(event);
  }

  ServerOptions options_;
  Core core_;
  std::shared_ptr<const Settings> settings_;  // used on the first loop's thread alone
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::vector<Endpoint> endpoints_;
  std::size_t next_ = 0;    // whose turn it is to take a connection
  bool is_stopped_ = true;  // until start()
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::HttpServer(HttpServer&& other) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&& other) noexcept = default;
HttpServer::~HttpServer() = default;

Status check_options(const ServerOptions& options) {
  const auto settings = Settings::make(options);
  return settings ? Status() : Status(fail(settings.error()));
}

Result<HttpServer> HttpServer::start(ServerOptions options, std::shared_ptr<Handler> handler) {
  KEYSTONE_TRY(const auto settings, Settings::make(options));
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler), settings);
  if (auto listening = impl->listen(); !listening) {
    return fail(std::move(listening).error());
  }
  impl->start();
  return HttpServer(std::move(impl));
}

const std::vector<Endpoint>& HttpServer::endpoints() const {
  return impl_->endpoints();
}

Status HttpServer::reload(const ServerOptions& options) {
  return impl_->reload(options);
}

void HttpServer::stop(std::chrono::milliseconds grace) {
  impl_->stop(grace);
}

}  // namespace keystone::server::http
