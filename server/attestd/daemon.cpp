// SPDX-License-Identifier: Apache-2.0
#include "attestd/daemon.hpp"

#include "attestd/log_observer.hpp"
#include "attestd/node.hpp"
#include "attestd/notify.hpp"
#include "attestd/signals.hpp"
#include "attestd/tokens.hpp"
#include "attestd/upkeep.hpp"
#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "http/server.hpp"
#include "keystone/crypto/random.hpp"

#include <cstdlib>

#include <sys/resource.h>

namespace keystone::server::attestd {
namespace {

// As many connections as the system lets this process have.
void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &files);
  }
}

std::string url_of(const http::Endpoint& endpoint) {
  const cli::TcpAddress address{endpoint.address, endpoint.port,
                                endpoint.address.find(':') != std::string::npos};
  return (endpoint.tls ? "https://" : "http://") + address.text();
}

// Where its store is, and how it is asked.
std::string place_of(const Config& config) {
  const std::string busy = std::to_string(config.store_busy.count());
  if (!config.store) {
    return busy;
  }
  const auto* const postgres = std::get_if<Postgres>(&config.store->where);
  return postgres == nullptr
             ? busy + " sqlite " + std::get<SqliteFile>(config.store->where).path
             : busy + " postgresql " + std::to_string(postgres->connections) + " " +
                   std::to_string(postgres->statement.count()) + " " + postgres->conninfo;
}

// A running node; its parts end in the reverse order.
class Daemon {
 public:
  Daemon(const ServeCommand& command, Config config)
      : command_(command),
        config_(std::move(config)),
        log_(config_.log.format, config_.log.level) {}

  [[nodiscard]] Status start();
  [[nodiscard]] Status announce() const;
  void ready() { tell_manager("READY=1"); }
  void reload();
  void stop();

 private:
  void tell_manager(const std::string& state);
  [[nodiscard]] Status open(const StateFolder& state);
  [[nodiscard]] Status take(const Config& config);

  const ServeCommand& command_;
  Config config_;
  Log log_;
  std::optional<StateFolder> state_;
  std::shared_ptr<Store> store_;
  std::shared_ptr<KeyRing> ring_;
  std::shared_ptr<Service> service_;
  std::unique_ptr<Upkeep> upkeep_;
  std::optional<http::HttpServer> server_;
};

Status Daemon::open(const StateFolder& state) {
  KEYSTONE_TRY(store_, open_store(config_, state, StoreUser::daemon));
  KEYSTONE_TRY(auto folder, KeyFolder::open(state, true));
  KEYSTONE_TRY(ring_, KeyRing::open(std::move(folder), system_clock_now));
  KEYSTONE_TRY(const bool made, make_first_token(*store_, state, system_clock_now()));
  if (made) {
    log_.write(LogLevel::info, "admin token made", {{"file", state.path_of("admin.token")}});
  }
  upkeep_ =
      std::make_unique<Upkeep>(store_, ring_, system_clock_now, log_, Upkeep::options_of(config_));
  return upkeep_->publish_keys();
}

Status Daemon::start() {
  KEYSTONE_TRY(state_, StateFolder::make(command_.state));
  KEYSTONE_CHECK_OK(state_->lock());
  KEYSTONE_CHECK_OK(open(*state_));
  ServiceParts parts{
      store_,          ring_, fill_random, system_clock_now, std::make_shared<LogObserver>(log_),
      KEYSTONE_VERSION};
  KEYSTONE_TRY(service_, Service::create(std::move(parts), config_.service_options()));
  KEYSTONE_TRY(server_, http::HttpServer::start(config_.server, service_));
  upkeep_->start();
  for (const http::Endpoint& endpoint : server_->endpoints()) {
    log_.write(LogLevel::info, "listening",
               {{"listener", endpoint.name}, {"at", url_of(endpoint)}});
  }
  if (config_.insecure_http) {
    log_.write(LogLevel::warning, "plain HTTP is allowed beyond loopback");
  }
  return {};
}

Status Daemon::announce() const {
  for (const http::Endpoint& endpoint : server_->endpoints()) {
    if (endpoint.name == kPublicListener) {
      return cli::write_answer("", "listening on " + url_of(endpoint) + "\n");
    }
  }
  return fail(ErrorCode::internal, "no public listener");
}

// All of it, or nothing.
Status Daemon::take(const Config& config) {
  if (config.node != config_.node || place_of(config) != place_of(config_)) {
    return fail(ErrorCode::usage, "node, store: got others, want a restart for that");
  }
  KEYSTONE_CHECK_OK(service_->reload(config.service_options()));
  const auto taken = server_->reload(config.server);
  if (!taken) {
    (void)service_->reload(config_.service_options());
    return fail(taken.error());
  }
  upkeep_->reload(Upkeep::options_of(config));
  log_.set(config.log.format, config.log.level);
  config_ = config;
  return {};
}

void Daemon::reload() {
  tell_manager("RELOADING=1");
  const auto config = read_config(command_);
  const Status taken = config ? take(*config) : Status(fail(config.error()));
  if (taken) {
    log_.write(LogLevel::info, "reloaded");
  } else {
    log_.write(LogLevel::error, "not reloaded", {{"cause", taken.error().message}});
  }
  tell_manager("READY=1");
}

void Daemon::stop() {
  tell_manager("STOPPING=1");
  log_.write(LogLevel::info, "stopping");
  server_->stop(config_.stop_grace);
  upkeep_->stop();
  log_.write(LogLevel::info, "stopped");
}

void Daemon::tell_manager(const std::string& state) {
  const char* const socket = std::getenv("NOTIFY_SOCKET");
  const auto told = notify(socket == nullptr ? "" : socket, state);
  if (!told) {
    log_.write(LogLevel::warning, "service manager", {{"cause", told.error().message}});
  }
}

}  // namespace

Result<int> serve(const ServeCommand& command) {
  KEYSTONE_TRY(auto config, read_config(command));
  raise_file_limit();
  const Signals signals;
  Daemon daemon(command, std::move(config));
  KEYSTONE_CHECK_OK(daemon.start());
  const auto announced = daemon.announce();
  if (!announced) {
    daemon.stop();
    return fail(announced.error());
  }
  daemon.ready();
  while (signals.next() == Signal::reload) {
    daemon.reload();
  }
  daemon.stop();
  return cli::kExitDone;
}

}  // namespace keystone::server::attestd
