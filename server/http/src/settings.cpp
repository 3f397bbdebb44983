// SPDX-License-Identifier: Apache-2.0
#include "http/src/settings.hpp"

#include <string_view>
#include <utility>

namespace keystone::server::http {
namespace {

Status check_positive(std::initializer_list<std::pair<std::string_view, bool>> values) {
  for (const auto& [name, is_positive] : values) {
    if (!is_positive) {
      return fail(ErrorCode::usage, std::string(name) + ": got nothing, want at least 1");
    }
  }
  return {};
}

Status check(const ServerOptions& options) {
  const Limits& limits = options.limits;
  const RateLimits& rates = options.rates;
  return check_positive({{"listeners", !options.listeners.empty()},
                         {"workers", options.workers > 0},
                         {"queue", options.queue > 0},
                         {"max_connections", limits.max_connections > 0},
                         {"max_connections_per_address", limits.max_connections_per_address > 0},
                         {"max_head", limits.max_head > 0},
                         {"max_headers", limits.max_headers > 0},
                         {"max_target", limits.max_target > 0},
                         {"max_bodies", limits.max_bodies > 0},
                         {"handshake_time", limits.handshake_time.count() > 0},
                         {"header_time", limits.header_time.count() > 0},
                         {"body_time", limits.body_time.count() > 0},
                         {"min_body_rate", limits.min_body_rate > 0},
                         {"idle_time", limits.idle_time.count() > 0},
                         {"write_time", limits.write_time.count() > 0},
                         {"stream_time", limits.stream_time.count() > 0},
                         {"linger_time", limits.linger_time.count() > 0},
                         {"burst", rates.per_address.burst > 0 && rates.per_key.burst > 0},
                         {"max_tracked", rates.max_tracked > 0}});
}

}  // namespace

Result<std::shared_ptr<const Settings>> Settings::make(const ServerOptions& options) {
  KEYSTONE_CHECK_OK(check(options));
  KEYSTONE_TRY(auto proxies, TrustedProxies::parse(options.proxies.trusted));
  std::vector<std::shared_ptr<const TlsContext>> tls;
  for (const ListenerOptions& listener : options.listeners) {
    tls.emplace_back();
    if (listener.tls) {
      KEYSTONE_TRY(tls.back(), TlsContext::load(*listener.tls));
    }
  }
  return std::make_shared<const Settings>(Settings{
      options.limits, options.rates, std::move(proxies), options.proxies.header, std::move(tls)});
}

}  // namespace keystone::server::http
