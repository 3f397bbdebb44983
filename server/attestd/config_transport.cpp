// SPDX-License-Identifier: Apache-2.0
#include "attestd/config_sections.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>

namespace keystone::server::attestd {
namespace {

constexpr NumberRange kTimeMs{1, 3'600'000};
constexpr std::string_view kListeners[] = {kPublicListener, kAdminListener};
constexpr std::string_view kClientCertificates[] = {"none", "optional", "required"};
constexpr std::string_view kForwarded[] = {"x-forwarded-for", "forwarded"};

Result<http::TlsOptions> read_tls(const JsonObject& section, const std::string& folder) {
  http::TlsOptions tls;
  KEYSTONE_TRY(tls.certificate_file, path_at(section, "certificate", folder));
  KEYSTONE_TRY(tls.key_file, path_at(section, "key", folder));
  KEYSTONE_CHECK_OK(
      read_if_there(section, "client_certificates", kClientCertificates, tls.client_certificates));
  if (section.has("client_ca")) {
    KEYSTONE_TRY(tls.client_ca_file, path_at(section, "client_ca", folder));
  }
  if (tls.client_ca_file.empty() != (tls.client_certificates == http::ClientCertificates::none)) {
    return fail(ErrorCode::malformed,
                section.path_of("client_ca") +
                    ": want it where client_certificates is optional or required, and only there");
  }
  KEYSTONE_CHECK_OK(read_if_there(section, "allow_tls_1_2", tls.allow_tls_1_2));
  return tls;
}

Result<http::ListenerOptions> read_listener(const JsonObject& entry, const std::string& folder) {
  std::size_t name = 0;
  KEYSTONE_TRY(const auto word, entry.string_at("name"));
  const auto index = index_of_name(entry.path_of("name"), word, kListeners);
  if (!index) {
    return fail(of_file(index.error()));
  }
  name = *index;
  KEYSTONE_TRY(const auto text, entry.string_at("listen"));
  const auto address = cli::TcpAddress::parse(entry.path_of("listen"), text);
  if (!address) {
    return fail(of_file(address.error()));
  }
  http::ListenerOptions listener{address->host, address->port, std::string(kListeners[name]), {}};
  KEYSTONE_CHECK_OK(read_section(entry, "tls", [&](const JsonObject& section) -> Status {
    KEYSTONE_TRY(listener.tls, read_tls(section, folder));
    return {};
  }));
  KEYSTONE_CHECK_OK(entry.no_others());
  return listener;
}

Status read_listeners(const JsonObject& file, const std::string& folder,
                      std::vector<http::ListenerOptions>& listeners) {
  if (!file.has("listeners")) {
    return {};
  }
  KEYSTONE_TRY(const auto entries, file.objects_at("listeners"));
  listeners.clear();
  for (const JsonObject& entry : entries) {
    KEYSTONE_TRY(auto listener, read_listener(entry, folder));
    listeners.push_back(std::move(listener));
  }
  const bool has_public = std::any_of(
      listeners.begin(), listeners.end(),
      [](const http::ListenerOptions& listener) { return listener.name == kPublicListener; });
  return has_public ? Status()
                    : Status(fail(ErrorCode::malformed, "listeners: want one that is public"));
}

Status read_limits(const JsonObject& section, http::Limits& limits) {
  const NumberRange bytes{1024, std::uint64_t{1} << 20U};
  const NumberRange connections{1, 1'000'000};
  // The largest batch is a large body, and those get half.
  const NumberRange bodies{2 * ServiceOptions().max_batch_body, std::uint64_t{1} << 40U};
  KEYSTONE_CHECK_OK(read_if_there(section, "max_connections", connections, limits.max_connections));
  KEYSTONE_CHECK_OK(read_if_there(section, "max_connections_per_address", connections,
                                  limits.max_connections_per_address));
  KEYSTONE_CHECK_OK(read_if_there(section, "max_head_bytes", bytes, limits.max_head));
  KEYSTONE_CHECK_OK(read_if_there(section, "max_headers", {8, 10'000}, limits.max_headers));
  KEYSTONE_CHECK_OK(read_if_there(section, "max_target_bytes", bytes, limits.max_target));
  KEYSTONE_CHECK_OK(read_if_there(section, "max_bodies_bytes", bodies, limits.max_bodies));
  KEYSTONE_CHECK_OK(read_if_there(section, "handshake_ms", kTimeMs, limits.handshake_time));
  KEYSTONE_CHECK_OK(read_if_there(section, "header_ms", kTimeMs, limits.header_time));
  KEYSTONE_CHECK_OK(read_if_there(section, "body_ms", kTimeMs, limits.body_time));
  KEYSTONE_CHECK_OK(read_if_there(section, "min_body_bytes_per_s", {1, std::uint64_t{1} << 30U},
                                  limits.min_body_rate));
  KEYSTONE_CHECK_OK(read_if_there(section, "idle_ms", kTimeMs, limits.idle_time));
  KEYSTONE_CHECK_OK(read_if_there(section, "write_ms", kTimeMs, limits.write_time));
  KEYSTONE_CHECK_OK(read_if_there(section, "stream_ms", kTimeMs, limits.stream_time));
  return read_if_there(section, "linger_ms", kTimeMs, limits.linger_time);
}

Status read_rate(const JsonObject& section, http::Rate& rate) {
  KEYSTONE_CHECK_OK(read_if_there(section, "per_second", {0, 1'000'000}, rate.per_second));
  return read_if_there(section, "burst", {1, 1'000'000}, rate.burst);
}

Status read_rates(const JsonObject& section, http::RateLimits& rates) {
  KEYSTONE_CHECK_OK(read_section(section, "address", [&](const JsonObject& rate) {
    return read_rate(rate, rates.per_address);
  }));
  KEYSTONE_CHECK_OK(read_section(
      section, "token", [&](const JsonObject& rate) { return read_rate(rate, rates.per_key); }));
  return read_if_there(section, "max_tracked", {1, 100'000'000}, rates.max_tracked);
}

Status read_proxies(const JsonObject& section, http::Proxies& proxies) {
  KEYSTONE_CHECK_OK(read_if_there(section, "header", kForwarded, proxies.header));
  KEYSTONE_TRY(const auto entries, section.objects_at("trusted"));
  for (const JsonObject& entry : entries) {
    KEYSTONE_TRY(auto network, plain_text_at(entry, "network", 64));
    proxies.trusted.push_back(std::move(network));
    KEYSTONE_CHECK_OK(entry.no_others());
  }
  return {};
}

Status read_threads(const JsonObject& section, http::ServerOptions& server) {
  KEYSTONE_CHECK_OK(read_if_there(section, "loops", {0, 1024}, server.loops));
  KEYSTONE_CHECK_OK(read_if_there(section, "workers", {1, 1024}, server.workers));
  return read_if_there(section, "queue", {1, 1'000'000}, server.queue);
}

}  // namespace

Status read_transport(const JsonObject& file, const std::string& folder,
                      http::ServerOptions& server) {
  KEYSTONE_CHECK_OK(read_listeners(file, folder, server.listeners));
  KEYSTONE_CHECK_OK(read_section(file, "limits", [&](const JsonObject& section) {
    return read_limits(section, server.limits);
  }));
  KEYSTONE_CHECK_OK(read_section(
      file, "rates", [&](const JsonObject& section) { return read_rates(section, server.rates); }));
  KEYSTONE_CHECK_OK(read_section(file, "proxies", [&](const JsonObject& section) {
    return read_proxies(section, server.proxies);
  }));
  return read_section(file, "threads",
                      [&](const JsonObject& section) { return read_threads(section, server); });
}

}  // namespace keystone::server::attestd
