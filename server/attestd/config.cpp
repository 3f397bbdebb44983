// SPDX-License-Identifier: Apache-2.0
#include "attestd/config.hpp"

#include "attestd/config_sections.hpp"
#include "common/kept_file.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <filesystem>

namespace keystone::server::attestd {
namespace {

constexpr std::size_t kMaxConfig = std::size_t{1} << 20U;  // bytes
constexpr std::size_t kMaxSubject = 1024;                  // bytes of a certificate's subject
constexpr std::uint64_t kDay = 24 * 60 * 60;               // seconds
constexpr std::string_view kSpellings[] = {"base64", "base64url"};
constexpr std::string_view kForms[] = {"deployed", "draft"};

Status read_sessions(const JsonObject& section, ServiceOptions& service) {
  KEYSTONE_CHECK_OK(
      read_if_there(section, "lifetime_s", {1, 55ULL * 60}, service.session_lifetime));
  KEYSTONE_CHECK_OK(
      read_if_there(section, "max_open", {1, 100'000'000}, service.max_open_sessions));
  KEYSTONE_CHECK_OK(
      read_if_there(section, "nonce_retention_h", {1, 24ULL * 3650}, service.nonce_retention));
  return read_if_there(section, "nonce_spelling", kSpellings, service.nonce_spelling);
}

Status read_results(const JsonObject& section, ServiceOptions& service) {
  KEYSTONE_CHECK_OK(read_if_there(section, "lifetime_s", {1, kDay}, service.result_lifetime));
  return read_if_there(section, "ear", kForms, service.ear_form);
}

Status read_certificate(const JsonObject& entry, ServiceOptions& service) {
  KEYSTONE_TRY(auto subject, plain_text_at(entry, "subject", kMaxSubject));
  KEYSTONE_TRY(const auto word, entry.string_at("role"));
  const auto role = parse_role(word);
  if (!role) {
    return fail(ErrorCode::malformed, entry.path_of("role") + ": got " + printable(word) +
                                          ", want admin, operator or verifier");
  }
  if (!service.certificate_roles.emplace(std::move(subject), *role).second) {
    return fail(ErrorCode::malformed, entry.path_of("subject") + ": is there twice");
  }
  return entry.no_others();
}

Status read_certificates(const JsonObject& file, ServiceOptions& service) {
  if (!file.has("certificate_roles")) {
    return {};
  }
  KEYSTONE_TRY(const auto entries, file.objects_at("certificate_roles"));
  for (const JsonObject& entry : entries) {
    KEYSTONE_CHECK_OK(read_certificate(entry, service));
  }
  return {};
}

Status read_who_may(const JsonObject& file, Config& config) {
  KEYSTONE_CHECK_OK(read_if_there(file, "insecure_http", config.insecure_http));
  if (file.has("anonymous_attesters")) {
    KEYSTONE_TRY(config.anonymous_attesters, file.bool_at("anonymous_attesters"));
  }
  KEYSTONE_CHECK_OK(read_if_there(file, "anonymous_metrics", config.service.anonymous_metrics));
  return read_certificates(file, config.service);
}

Status read_log(const JsonObject& section, LogOptions& log) {
  KEYSTONE_CHECK_OK(read_if_there(section, "format", kLogFormats, log.format));
  return read_if_there(section, "level", kLogLevels, log.level);
}

Status read_all(const JsonObject& file, const std::string& folder, Config& config) {
  KEYSTONE_TRY(const auto schema, file.string_at("schema"));
  if (schema != kConfigSchema) {
    return fail(ErrorCode::malformed,
                "schema: got " + printable(schema) + ", want " + std::string(kConfigSchema));
  }
  if (file.has("node")) {
    KEYSTONE_TRY(config.node, plain_text_at(file, "node", 64));
  }
  KEYSTONE_CHECK_OK(read_who_may(file, config));
  KEYSTONE_CHECK_OK(read_transport(file, folder, config.server));
  KEYSTONE_CHECK_OK(read_keeping(file, folder, config));
  KEYSTONE_CHECK_OK(read_section(file, "sessions", [&](const JsonObject& section) {
    return read_sessions(section, config.service);
  }));
  KEYSTONE_CHECK_OK(read_section(file, "results", [&](const JsonObject& section) {
    return read_results(section, config.service);
  }));
  KEYSTONE_CHECK_OK(read_section(
      file, "log", [&](const JsonObject& section) { return read_log(section, config.log); }));
  KEYSTONE_CHECK_OK(read_if_there(file, "stop_grace_s", {1, 3600}, config.stop_grace));
  return file.no_others();
}

cli::TcpAddress address_of(const http::ListenerOptions& listener) {
  return {listener.address, listener.port, listener.address.find(':') != std::string::npos};
}

}  // namespace

Config Config::defaults() {
  Config config;
  config.server.listeners.push_back({"127.0.0.1", 8440, std::string(kPublicListener), {}});
  config.server.rates.per_address = {100, 500};
  config.server.rates.per_key = {1000, 2000};
  return config;
}

Result<Config> Config::parse(std::string_view text, const std::string& folder) {
  JsonLimits limits;
  limits.max_bytes = kMaxConfig;
  KEYSTONE_TRY(const auto file, parse_json_object(text, limits));
  Config config = defaults();
  KEYSTONE_CHECK_OK(read_all(file, folder, config));
  return config;
}

Result<Config> Config::read(const std::string& path) {
  KEYSTONE_TRY(const auto text, cli::read_text(path));
  const std::string folder = path == "-" ? "" : std::filesystem::path(path).parent_path().string();
  auto config = parse(text, folder);
  return config ? std::move(config) : Result<Config>(fail(config.error().within(path)));
}

Status Config::listen_at(const cli::TcpAddress& address) {
  http::ListenerOptions* found = nullptr;
  for (http::ListenerOptions& listener : server.listeners) {
    if (listener.name == kPublicListener) {
      if (found != nullptr) {
        return fail(ErrorCode::usage, "--listen: the configuration has several public listeners");
      }
      found = &listener;
    }
  }
  KEYSTONE_ASSERT(found != nullptr);
  found->address = address.host;
  found->port = address.port;
  return {};
}

Status Config::check_plain_http() const {
  for (const http::ListenerOptions& listener : server.listeners) {
    const cli::TcpAddress address = address_of(listener);
    if (!insecure_http && !listener.tls && !address.is_loopback()) {
      return fail(ErrorCode::usage,
                  "listener " + listener.name + ": got plain HTTP at " + address.text() +
                      ", want TLS or a loopback address",
                  "--insecure-http, where a proxy of yours does TLS");
    }
  }
  return {};
}

bool Config::is_local() const {
  return server.proxies.trusted.empty() &&
         std::all_of(server.listeners.begin(), server.listeners.end(),
                     [](const http::ListenerOptions& listener) {
                       return listener.name != kPublicListener ||
                              address_of(listener).is_loopback();
                     });
}

ServiceOptions Config::service_options() const {
  ServiceOptions options = service;
  options.anonymous_attesters = anonymous_attesters.value_or(is_local());
  const bool has_admin = std::any_of(
      server.listeners.begin(), server.listeners.end(),
      [](const http::ListenerOptions& listener) { return listener.name == kAdminListener; });
  options.admin_listener = has_admin ? kAdminListener : std::string_view();
  return options;
}

}  // namespace keystone::server::attestd
