// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/service.hpp"
#include "attestd/log.hpp"
#include "common/tcp_address.hpp"
#include "http/options.hpp"
#include "keystone/base/result.hpp"
#include "store/store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// The configuration file: one JSON object, read strictly. Every key, with its default and range, is
// in test-vectors/schema/attestd-config.schema.json and in docs/operations.md.
namespace keystone::server::attestd {

inline constexpr std::string_view kConfigSchema = "keystone.attestd-config/1";

// The names of listeners: of all routes (of those for attesters and relying parties alone, if there
// is the other one too), and of those for operators.
inline constexpr std::string_view kPublicListener = "public";
inline constexpr std::string_view kAdminListener = "admin";

// How signing keys follow each other.
struct KeyOptions {
  std::chrono::seconds lifetime{std::chrono::hours(24 * 90)};  // one signs for
  std::chrono::seconds announce{3600};      // a new one is public before it signs
  std::chrono::seconds overlap{24 * 3600};  // an old one stays public after its last result expired
};

// What is done beside answering.
struct UpkeepOptions {
  std::chrono::seconds every{60};  // what has expired goes, keys are looked after
  std::chrono::seconds checkpoint_every{3600};
  std::optional<std::chrono::hours> keep_results;  // absent: for good
  std::optional<std::chrono::hours> keep_audit;    // likewise
};

struct LogOptions {
  LogFormat format = LogFormat::text;
  LogLevel level = LogLevel::info;
};

// What the daemon is told, with defaults for what it is not.
struct Config {
  std::string node = "node";  // this node's name where the store has those of all
  http::ServerOptions server;
  bool insecure_http = false;               // plain HTTP beyond loopback
  std::optional<bool> anonymous_attesters;  // absent: if only this machine can ask
  ServiceOptions service;
  std::optional<StoreOptions> store;  // absent: SQLite in the state folder
  std::chrono::milliseconds store_busy{5000};
  KeyOptions keys;
  UpkeepOptions upkeep;
  LogOptions log;
  std::chrono::seconds stop_grace{10};

  // Everything at its default: one listener at 127.0.0.1:8440.
  [[nodiscard]] static Config defaults();

  // Reads `text`; relative paths in it are those of `folder`. `malformed` with the path of the
  // place, or `limit_exceeded`.
  [[nodiscard]] static Result<Config> parse(std::string_view text, const std::string& folder);

  // The file at `path`: `-` is standard input. Fails as parse(), or with `unreadable`.
  [[nodiscard]] static Result<Config> read(const std::string& path);

  // Puts the one public listener somewhere else. `usage` if there are several.
  [[nodiscard]] Status listen_at(const cli::TcpAddress& address);

  // Fails with `usage` for plain HTTP on an address that others reach, unless it is wanted. Bearer
  // tokens would be read on the way.
  [[nodiscard]] Status check_plain_http() const;

  // Whether only this machine can ask: every public listener is on loopback, and no proxy passes on
  // what others ask.
  [[nodiscard]] bool is_local() const;

  // `service` with what follows from the rest.
  [[nodiscard]] ServiceOptions service_options() const;
};

}  // namespace keystone::server::attestd
