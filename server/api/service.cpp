// SPDX-License-Identifier: Apache-2.0
#include "api/service.hpp"

#include "api/core.hpp"
#include "api/routes.hpp"
#include "api/token.hpp"
#include "keystone/base/text.hpp"

#include <mutex>
#include <new>

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
    auto answer = answer_to(request, handled);
    return told(request, std::move(handled), std::move(answer));
  }

  [[nodiscard]] std::optional<http::Response> turn_away(const http::Request& head) {
    Handled handled;
    auto admitted = guarded([&] { return admit(head, handled); });
    if (!admitted) {
      return told(head, std::move(handled), fail(std::move(admitted.error())));
    }
    if (admitted->route == nullptr) {
      return told(head, std::move(handled), allow(admitted->matched, head.method));
    }
    return std::nullopt;
  }

  [[nodiscard]] Core& core() { return *core_; }

 private:
  // A request on its way to the handler of its route, which its caller may use.
  struct Admitted {
    std::shared_ptr<const ServiceOptions> options;
    Matched matched;
    const Route* route;  // null: the path does not take the method
    Caller caller;
  };

  // What an action makes, or the Problem that an exception is.
  template <class F>
  static auto guarded(F action) -> decltype(action()) {
    try {
      return action();
    } catch (const std::bad_alloc&) {
      throw;  // the transport's refusal needs less memory than ours
    } catch (const std::exception& exception) {
      Problem problem(500, "");
      problem.cause = exception.what();
      return fail(std::move(problem));
    }
  }

  Answer<http::Response> answer_to(const http::Request& request, Handled& handled) {
    return guarded([&]() -> Answer<http::Response> {
      KEYSTONE_TRY(auto admitted, admit(request, handled));
      if (admitted.route == nullptr) {
        return allow(admitted.matched, request.method);
      }
      Call call{core_,
                std::move(admitted.options),
                request,
                std::move(admitted.matched.parameter),
                std::move(admitted.caller),
                handled};
      return admitted.route->handle(call);
    });
  }

  // Needs no body.
  Answer<Admitted> admit(const http::Request& head, Handled& handled) {
    Admitted admitted{options(), match(head.path), nullptr, {}};
    const auto& routes = admitted.matched.routes;
    if (routes.empty() || is_hidden(*routes.front(), *admitted.options, head)) {
      return fail(not_there());
    }
    handled.route = routes.front()->pattern;
    admitted.route = find_method(admitted.matched, head.method);
    if (admitted.route != nullptr) {
      KEYSTONE_TRY(admitted.caller,
                   authorise(*core_, *admitted.options, head, admitted.route->access));
      handled.actor = admitted.caller.actor;
    }
    return admitted;
  }

  // The answer as it goes out, when the observer knows of it.
  http::Response told(const http::Request& request, Handled handled,
                      Answer<http::Response> answer) {
    handled.request_id = request.id;
    handled.method = request.method;
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

std::optional<http::Response> Service::turn_away(const http::Request& head) {
  return impl_->turn_away(head);
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
