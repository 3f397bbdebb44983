// SPDX-License-Identifier: Apache-2.0
#include "attestd/log_observer.hpp"

#include "api/service.hpp"

#include <chrono>

namespace keystone::server::attestd {
namespace {

using Kind = http::TransportEvent::Kind;

constexpr std::size_t kMostOfAPath = 200;  // bytes; the rest says no more of who asks for it

std::vector<LogField> known(const std::vector<LogField>& fields) {
  std::vector<LogField> left;
  for (const LogField& field : fields) {
    const auto* const text = std::get_if<std::string>(&field.second);
    if (text == nullptr || !text->empty()) {
      left.push_back(field);
    }
  }
  return left;
}

}  // namespace

void LogObserver::on_handled(const Handled& handled) {
  if (!handled.cause.empty()) {
    log_.write(LogLevel::error, "failure",
               known({{"id", handled.request_id},
                      {"route", handled.route},
                      {"status", std::uint64_t{handled.status}},
                      {"cause", handled.cause}}));
  }
  const bool decided = !handled.verdict.empty();
  log_.write(decided ? LogLevel::info : LogLevel::debug, decided ? "verdict" : "handled",
             known({{"id", handled.request_id},
                    {"route", handled.route},
                    {"actor", handled.actor},
                    {"session", handled.session},
                    {"result", handled.result},
                    {"verdict", handled.verdict}}));
}

void LogObserver::on_transport(const http::TransportEvent& event) {
  switch (event.kind) {
    case Kind::request_finished:
      request(event);
      break;
    case Kind::connection_refused:
      log_.write(
          LogLevel::warning, "connection refused",
          known({{"listener", event.listener}, {"peer", event.peer}, {"reason", event.reason}}));
      break;
    case Kind::connection_opened:
    case Kind::connection_closed:
      log_.write(
          LogLevel::debug,
          event.kind == Kind::connection_opened ? "connection opened" : "connection closed",
          known({{"listener", event.listener}, {"peer", event.peer}, {"reason", event.reason}}));
      break;
  }
}

void LogObserver::request(const http::TransportEvent& event) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(event.duration).count();
  log_.write(LogLevel::info, "request",
             known({{"id", event.request_id},
                    {"listener", event.listener},
                    {"peer", event.peer},
                    {"method", event.method},
                    {"path", loggable_path(event.path).substr(0, kMostOfAPath)},
                    {"status", std::uint64_t{event.status}},
                    {"received", event.received},
                    {"sent", event.sent},
                    {"us", static_cast<std::uint64_t>(took)},
                    {"cut", event.complete ? "" : "yes"},
                    {"reason", event.reason}}));
}

}  // namespace keystone::server::attestd
