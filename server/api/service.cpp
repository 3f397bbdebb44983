// SPDX-License-Identifier: Apache-2.0
#include "api/service.hpp"

#include "api/core.hpp"
#include "api/routes.hpp"
#include "api/token.hpp"
#include "keystone/base/text.hpp"

#include <mutex>

namespace keystone::server {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds kLongestSession{55 * 60};
constexpr seconds kLongestResult{24 * 60 * 60};
constexpr hours kLongestRetention{24 * 3653};
constexpr std::string_view kBatch = "/v1/verify/batch";

template <class Duration>
Status check_range(std::string_view field, Duration got, Duration least, Duration most) {
  if (got < least || got > most) {
    return fail(ErrorCode::usage, std::string(field) + ": got " + std::to_string(got.count()) +
                                      ", want " + std::to_string(least.count()) + " to " +
                                      std::to_string(most.count()));
  }
  return {};
}

Status check(const ServiceOptions& options) {
  KEYSTONE_CHECK_OK(check_range("session lifetime in seconds", options.session_lifetime, seconds(1),
                                kLongestSession));
  KEYSTONE_CHECK_OK(check_range("result lifetime in seconds", options.result_lifetime, seconds(1),
                                kLongestResult));
  return check_range("nonce retention in hours", options.nonce_retention, hours(1),
                     kLongestRetention);
}

// Nothing of what is for operators shows on other listeners, if they have one of their own.
bool is_hidden(const Route& route, const ServiceOptions& options, const http::Request& request) {
  const bool is_for_operators =
      route.access == Access::operator_ || route.access == Access::metrics;
  return is_for_operators && !options.admin_listener.empty() &&
         request.listener != options.admin_listener;
}

Problem not_there() {
  return {404, "path: there is nothing"};
}

Answer<http::Response> allow(const Matched& matched, std::string_view method) {
  const http::Header allow{"Allow", allowed_methods(matched)};
  if (method == "OPTIONS") {
    http::Response response;
    response.status = 204;
    response.headers.push_back(allow);
    return response;
  }
  Problem problem(405, "method: got '" + printable(method) + "', want one of Allow");
  problem.headers.push_back(allow);
  return fail(std::move(problem));
}

}  // namespace

class Service::Impl {
 public:
  Impl(std::shared_ptr<Core> core, ServiceOptions options)
      : core_(std::move(core)),
        options_(std::make_shared<const ServiceOptions>(std::move(options))) {}

  [[nodiscard]] std::shared_ptr<const ServiceOptions> options() const {
    const std::lock_guard lock(mutex_);
    return options_;
  }
  void set_options(ServiceOptions options) {
    auto fresh = std::make_shared<const ServiceOptions>(std::move(options));
    const std::lock_guard lock(mutex_);
    options_ = std::move(fresh);
  }

  [[nodiscard]] http::Response handle(const http::Request& request) {
    Handled handled;
    handled.request_id = request.id;
    handled.method = request.method;
    auto answer = answer_to(request, handled);
    if (!answer) {
      handled.cause = answer.error().cause;
      if (answer.error().status == 503) {
        core_->metrics.count_store_failure();
      }
    }
    auto response = answer ? *std::move(answer) : response_of(answer.error(), request.id);
    handled.status = response.status;
    if (core_->parts.observer) {
      core_->parts.observer->on_handled(handled);
    }
    return response;
  }

  [[nodiscard]] Core& core() { return *core_; }

 private:
  Answer<http::Response> answer_to(const http::Request& request, Handled& handled) {
    try {
      return dispatch(request, handled);
    } catch (const std::exception& exception) {
      Problem problem(500, "");
      problem.cause = exception.what();
      return fail(std::move(problem));
    }
  }

  Answer<http::Response> dispatch(const http::Request& request, Handled& handled) {
    const auto options = this->options();
    Matched matched = match(request.path);
    if (matched.routes.empty() || is_hidden(*matched.routes.front(), *options, request)) {
      return fail(not_there());
    }
    handled.route = matched.routes.front()->pattern;
    const Route* const route = find_method(matched, request.method);
    if (route == nullptr) {
      return allow(matched, request.method);
    }
    KEYSTONE_TRY(auto caller, authorise(*core_, *options, request, route->access));
    handled.actor = caller.actor;
    Call call{core_, options, request, std::move(matched.parameter), std::move(caller), handled};
    return route->handle(call);
  }

  std::shared_ptr<Core> core_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ServiceOptions> options_;
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

Result<std::shared_ptr<Service>> Service::create(ServiceParts parts, ServiceOptions options) {
  KEYSTONE_CHECK_OK(check(options));
  KEYSTONE_TRY(auto secrets, parts.store->secrets());
  auto core = std::make_shared<Core>(std::move(parts), std::move(secrets));
  auto impl = std::make_unique<Impl>(std::move(core), std::move(options));
  return std::shared_ptr<Service>(new Service(std::move(impl)));
}

Status Service::reload(ServiceOptions options) {
  KEYSTONE_CHECK_OK(check(options));
  impl_->set_options(std::move(options));
  return {};
}

std::size_t Service::max_body(std::string_view, std::string_view path) const {
  const auto options = impl_->options();
  return path == kBatch ? options->max_batch_body : options->max_body;
}

std::optional<std::string> Service::rate_key(const http::Request& head) const {
  const auto token = bearer_token(head);
  const Result<TokenHash> hash = token ? hash_of_token(*token) : fail(ErrorCode::usage, "");
  return hash ? std::optional(hash->hex()) : std::nullopt;
}

http::Response Service::handle(const http::Request& request) {
  return impl_->handle(request);
}

http::Response Service::refuse(unsigned status, std::string_view request_id,
                               std::string_view reason) const {
  return response_of(Problem(status, std::string(reason)), request_id);
}

void Service::on_event(const http::TransportEvent& event) {
  impl_->core().metrics.count(event);
  if (const auto& observer = impl_->core().parts.observer) {
    observer->on_transport(event);
  }
}

}  // namespace keystone::server
