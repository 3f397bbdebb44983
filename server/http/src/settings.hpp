// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/options.hpp"
#include "http/src/head_scan.hpp"
#include "http/src/ip_address.hpp"
#include "http/src/tls_context.hpp"

#include <memory>
#include <vector>

namespace keystone::server::http {

// What a reload changes: read and checked once, then only read.
struct Settings {
  Limits limits;
  RateLimits rates;
  TrustedProxies proxies;
  ForwardedHeader forwarded_header;
  std::vector<std::shared_ptr<const TlsContext>> tls;  // for each listener; null: none

  // Fails as HttpServer::start().
  [[nodiscard]] static Result<std::shared_ptr<const Settings>> make(const ServerOptions& options);

  [[nodiscard]] HeadLimits head_limits() const {
    return {limits.max_head, limits.max_headers, limits.max_target};
  }
};

}  // namespace keystone::server::http
