// SPDX-License-Identifier: Apache-2.0
#include "api/metrics.hpp"

#include "api/routes.hpp"

#include <map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace keystone::server {
namespace {

using prometheus::Counter;
using prometheus::Histogram;

constexpr std::string_view kClasses[] = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::string_view kOther = "other";

// In seconds.
Histogram::BucketBoundaries durations() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
}

// What is counted of one route. Made before anything is served, so that counting takes no lock of
// the registry.
struct RouteCounters {
  std::vector<Counter*> by_class;  // in the order of kClasses
  Histogram* duration;
};

}  // namespace

class Metrics::Impl {
 public:
  explicit Impl(const std::string& version) {
    add_routes();
    for (const char* const outcome : {"accepted", "rejected"}) {
      verdicts_[outcome] =
          &counter("keystone_verdicts_total", "Verdicts on record.", {{"outcome", outcome}});
    }
    for (const Check check : kAllChecks) {
      failed_checks_.push_back(&counter("keystone_failed_checks_total",
                                        "Verdicts in which the check failed.",
                                        {{"check", std::string(to_string(check))}}));
    }
    gauge("keystone_build_info", "Always 1; the label says what runs.", {{"version", version}})
        .Set(1);
  }

  void count(const http::TransportEvent& event) {
    using Kind = http::TransportEvent::Kind;
    switch (event.kind) {
      case Kind::request_finished:
        count_request(event);
        break;
      case Kind::connection_opened:
        opened_.Increment();
        connections_.Increment();
        break;
      case Kind::connection_closed:
        connections_.Decrement();
        break;
      case Kind::connection_refused:
        refused_.Increment();
        break;
    }
  }

  void count_verdict(const Verdict& verdict) {
    verdicts_.at(verdict.accepted() ? "accepted" : "rejected")->Increment();
    for (const Check check : verdict.with(CheckResult::failed)) {
      failed_checks_[static_cast<std::size_t>(check)]->Increment();
    }
  }

  void count_session() { sessions_.Increment(); }
  void count_replay() { replays_.Increment(); }
  void count_store_failure() { store_failures_.Increment(); }

  [[nodiscard]] std::string render(std::size_t open_sessions) {
    open_.Set(static_cast<double>(open_sessions));
    return prometheus::TextSerializer().Serialize(registry_.Collect());
  }

 private:
  Counter& counter(const std::string& name, const std::string& help,
                   const prometheus::Labels& labels = {}) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(labels);
  }
  prometheus::Gauge& gauge(const std::string& name, const std::string& help,
                           const prometheus::Labels& labels = {}) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(labels);
  }

  void add_route(std::string_view pattern) {
    const std::string route(pattern);
    RouteCounters counters{};
    for (const std::string_view status : kClasses) {
      counters.by_class.push_back(&counter("keystone_http_requests_total", "Requests answered.",
                                           {{"route", route}, {"status", std::string(status)}}));
    }
    counters.duration = &prometheus::BuildHistogram()
                             .Name("keystone_http_request_seconds")
                             .Help("From a request's first byte to the answer's last.")
                             .Register(registry_)
                             .Add({{"route", route}}, durations());
    routes_.emplace(route, std::move(counters));
  }
  void add_routes() {
    for (const Route& route : all_routes()) {
      if (!routes_.contains(route.pattern)) {
        add_route(route.pattern);
      }
    }
    add_route(kOther);
  }

  void count_request(const http::TransportEvent& event) {
    const Matched matched = match(event.path);
    const auto route =
        routes_.find(matched.routes.empty() ? kOther : matched.routes.front()->pattern);
    const std::size_t status = event.status >= 600 ? 0 : event.status / 100;
    route->second.by_class[status]->Increment();
    route->second.duration->Observe(std::chrono::duration<double>(event.duration).count());
  }

  prometheus::Registry registry_;
  std::map<std::string, RouteCounters, std::less<>> routes_;
  std::map<std::string, Counter*, std::less<>> verdicts_;
  std::vector<Counter*> failed_checks_;  // in the order of Check
  Counter& opened_ = counter("keystone_connections_total", "Connections accepted.");
  Counter& refused_ = counter("keystone_connections_refused_total", "Connections closed unread.");
  prometheus::Gauge& connections_ = gauge("keystone_connections", "Connections there are.");
  prometheus::Gauge& open_ =
      gauge("keystone_sessions_open", "Sessions of this node that wait for evidence.");
  Counter& sessions_ = counter("keystone_sessions_total", "Sessions opened.");
  Counter& replays_ =
      counter("keystone_replays_total", "Answers to a challenge that was answered before.");
  Counter& store_failures_ =
      counter("keystone_store_failures_total", "Answers with 503 because the store failed.");
};

Metrics::Metrics(const std::string& version) : impl_(std::make_unique<Impl>(version)) {}
Metrics::~Metrics() = default;

void Metrics::count(const http::TransportEvent& event) {
  impl_->count(event);
}
void Metrics::count_verdict(const Verdict& verdict) {
  impl_->count_verdict(verdict);
}
void Metrics::count_session() {
  impl_->count_session();
}
void Metrics::count_replay() {
  impl_->count_replay();
}
void Metrics::count_store_failure() {
  impl_->count_store_failure();
}
std::string Metrics::render(std::size_t open_sessions) const {
  return impl_->render(open_sessions);
}

}  // namespace keystone::server
