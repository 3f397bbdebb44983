// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/metrics.hpp"
#include "api/open_sessions.hpp"
#include "api/policies.hpp"
#include "api/service.hpp"

#include <memory>
#include <string>

namespace keystone::server {

// Who asks, as far as that is proven.
struct Caller {
  std::optional<Role> role;
  std::string actor = "anonymous";  // as logs and the audit log name them
};

// What all routes share. Thread-safe as its parts are.
struct Core {
  Core(ServiceParts with, SharedSecrets keys)
      : parts(std::move(with)),
        secrets(std::move(keys)),
        policies(parts.store),
        metrics(parts.version) {}

  [[nodiscard]] Store& store() const { return *parts.store; }
  [[nodiscard]] Instant now() const { return parts.clock(); }

  // 128 random bits in hex.
  [[nodiscard]] std::string random_id() const;

  const ServiceParts parts;
  const SharedSecrets secrets;
  Policies policies;
  OpenSessions sessions;
  Metrics metrics;
};

// One request on its way through a route. Copies share what they point to; what outlives the
// request (a streamed answer) keeps `core` and `options`, and none of the references.
struct Call {
  std::shared_ptr<Core> core;
  std::shared_ptr<const ServiceOptions> options;
  const http::Request& request;
  std::string parameter;  // what stands for {name} or {id} in the route's pattern
  Caller caller;
  Handled& handled;  // for the log: routes add what they know
};

}  // namespace keystone::server
