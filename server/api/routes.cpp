// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include "api/service.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace keystone::server {
namespace {

constexpr std::string_view kSession = "/challenge-response/v1/session/{id}";
constexpr std::string_view kPolicy = "/v1/policies/{name}";
constexpr std::string_view kDevice = "/v1/devices/{name}";
constexpr std::string_view kReferenceValues = "/v1/reference-values/{name}";

constexpr std::array kRoutes = {
    Route{"POST", "/challenge-response/v1/newSession", Access::attester, new_session},
    Route{"GET", kSession, Access::attester, get_session},
    Route{"POST", kSession, Access::attester, answer_session},
    Route{"DELETE", kSession, Access::attester, delete_session},
    Route{"POST", "/v1/verify", Access::verifier, verify_one},
    Route{"POST", "/v1/verify/batch", Access::verifier, verify_batch},
    Route{"GET", "/v1/policies", Access::operator_, list_policies},
    Route{"GET", kPolicy, Access::operator_, get_policy},
    Route{"PUT", kPolicy, Access::operator_, put_policy},
    Route{"DELETE", kPolicy, Access::operator_, delete_policy},
    Route{"GET", "/v1/devices", Access::operator_, list_devices},
    Route{"GET", kDevice, Access::operator_, get_device},
    Route{"PUT", kDevice, Access::operator_, put_device},
    Route{"DELETE", kDevice, Access::operator_, delete_device},
    Route{"GET", "/v1/reference-values", Access::operator_, list_reference_values},
    Route{"GET", kReferenceValues, Access::operator_, get_reference_values},
    Route{"PUT", kReferenceValues, Access::operator_, put_reference_values},
    Route{"DELETE", kReferenceValues, Access::operator_, delete_reference_values},
    Route{"GET", "/v1/results", Access::operator_, search_results},
    Route{"GET", "/v1/results/{id}", Access::operator_, get_result},
    Route{"GET", "/.well-known/veraison/verification", Access::anyone, well_known},
    Route{"GET", "/jwks.json", Access::anyone, jwks},
    Route{"GET", "/openapi.json", Access::anyone, openapi},
    Route{"GET", "/healthz", Access::anyone, healthz},
    Route{"GET", "/readyz", Access::anyone, readyz},
    Route{"GET", "/metrics", Access::metrics, metrics},
};

// What stands for the pattern's parameter, which is the last segment; empty where it has none.
std::optional<std::string_view> parameter_of(std::string_view pattern, std::string_view path) {
  const auto brace = pattern.find('{');
  if (brace == std::string_view::npos) {
    return pattern == path ? std::optional(std::string_view()) : std::nullopt;
  }
  if (!path.starts_with(pattern.substr(0, brace))) {
    return std::nullopt;
  }
  const std::string_view segment = path.substr(brace);
  if (segment.empty() || segment.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  return segment;
}

}  // namespace

std::span<const Route> all_routes() {
  return kRoutes;
}

Matched match(std::string_view path) {
  Matched matched;
  for (const Route& route : kRoutes) {
    if (const auto parameter = parameter_of(route.pattern, path)) {
      matched.routes.push_back(&route);
      matched.parameter = *parameter;
    }
  }
  return matched;
}

const Route* find_method(const Matched& matched, std::string_view method) {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  const auto found = std::find_if(matched.routes.begin(), matched.routes.end(),
                                  [&](const Route* route) { return route->method == wanted; });
  return found == matched.routes.end() ? nullptr : *found;
}

std::string allowed_methods(const Matched& matched) {
  std::string methods;
  for (const Route* const route : matched.routes) {
    methods += std::string(route->method) + (route->method == "GET" ? ", HEAD, " : ", ");
  }
  return methods + "OPTIONS";
}

std::string loggable_path(std::string_view path) {
  const std::string_view sessions = kSession.substr(0, kSession.find('{'));
  if (path.starts_with(sessions)) {
    return std::string(kSession);
  }
  return std::string(path);
}

}  // namespace keystone::server
