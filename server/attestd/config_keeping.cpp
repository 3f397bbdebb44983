// SPDX-License-Identifier: Apache-2.0
#include "attestd/config_sections.hpp"
#include "keystone/base/text.hpp"

#include <filesystem>

namespace keystone::server::attestd {
namespace {

constexpr std::size_t kMaxPath = 4096;              // bytes, as Linux
constexpr std::uint64_t kHour = 60ULL * 60;         // seconds
constexpr std::uint64_t kYears = 10 * 365 * 24ULL;  // hours
constexpr std::string_view kStores[] = {"sqlite", "postgresql"};

enum class StoreKind : std::uint8_t { sqlite, postgresql };

Status read_store(const JsonObject& section, const std::string& folder, Config& config) {
  KEYSTONE_CHECK_OK(read_if_there(section, "busy_ms", {1, 600'000}, config.store_busy));
  auto kind = StoreKind::sqlite;
  KEYSTONE_CHECK_OK(read_if_there(section, "kind", kStores, kind));
  if (kind == StoreKind::sqlite) {
    if (section.has("path")) {
      KEYSTONE_TRY(auto path, path_at(section, "path", folder));
      config.store = StoreOptions{SqliteFile{std::move(path)}, config.store_busy};
    }
    return {};
  }
  Postgres postgres;
  // The message of what is wrong with it would show it: a password may be in it.
  KEYSTONE_TRY(postgres.conninfo, section.string_at("conninfo"));
  if (!is_plain_text(postgres.conninfo, kMaxPath)) {
    return fail(ErrorCode::malformed, section.path_of("conninfo") +
                                          ": got nothing, control characters or too much, want "
                                          "keywords and values of libpq");
  }
  if (!check_conninfo(postgres.conninfo)) {
    return fail(ErrorCode::malformed, section.path_of("conninfo") +
                                          ": got what libpq cannot read, want keywords and "
                                          "values or a URI");
  }
  KEYSTONE_CHECK_OK(read_if_there(section, "connections", {1, 1000}, postgres.connections));
  KEYSTONE_CHECK_OK(read_if_there(section, "statement_ms", {1, 600'000}, postgres.statement));
  config.store = StoreOptions{std::move(postgres), config.store_busy};
  return {};
}

Status read_keys(const JsonObject& section, KeyOptions& keys) {
  const NumberRange lifetime{kHour, kYears * kHour};
  KEYSTONE_CHECK_OK(read_if_there(section, "lifetime_s", lifetime, keys.lifetime));
  KEYSTONE_CHECK_OK(read_if_there(section, "announce_s", {0, 7 * 24 * kHour}, keys.announce));
  KEYSTONE_CHECK_OK(read_if_there(section, "overlap_s", {60, 90 * 24 * kHour}, keys.overlap));
  if (keys.announce >= keys.lifetime) {
    return fail(ErrorCode::malformed, section.path_of("announce_s") + ": got " +
                                          std::to_string(keys.announce.count()) +
                                          ", want less than lifetime_s");
  }
  return {};
}

Status read_hours(const JsonObject& section, std::string_view key,
                  std::optional<std::chrono::hours>& out) {
  if (section.has(key)) {
    KEYSTONE_TRY(const auto hours, section.unsigned_at(key, {1, kYears}));
    out = std::chrono::hours(hours);
  }
  return {};
}

Status read_upkeep(const JsonObject& section, UpkeepOptions& upkeep) {
  KEYSTONE_CHECK_OK(read_if_there(section, "every_s", {1, kHour}, upkeep.every));
  KEYSTONE_CHECK_OK(
      read_if_there(section, "checkpoint_every_s", {1, 24 * kHour}, upkeep.checkpoint_every));
  KEYSTONE_CHECK_OK(read_hours(section, "keep_results_h", upkeep.keep_results));
  return read_hours(section, "keep_audit_h", upkeep.keep_audit);
}

}  // namespace

Result<std::string> plain_text_at(const JsonObject& object, std::string_view key,
                                  std::size_t most) {
  KEYSTONE_TRY(auto text, object.string_at(key));
  if (!is_plain_text(text, most)) {
    return fail(ErrorCode::malformed, object.path_of(key) + ": got " + printable(text) +
                                          ", want 1 to " + std::to_string(most) +
                                          " bytes without control characters");
  }
  return text;
}

Result<std::string> path_at(const JsonObject& object, std::string_view key,
                            const std::string& folder) {
  KEYSTONE_TRY(const auto path, plain_text_at(object, key, kMaxPath));
  return (std::filesystem::path(folder) / path).string();
}

Status read_keeping(const JsonObject& file, const std::string& folder, Config& config) {
  KEYSTONE_CHECK_OK(read_section(file, "store", [&](const JsonObject& section) {
    return read_store(section, folder, config);
  }));
  KEYSTONE_CHECK_OK(read_section(
      file, "keys", [&](const JsonObject& section) { return read_keys(section, config.keys); }));
  return read_section(file, "upkeep", [&](const JsonObject& section) {
    return read_upkeep(section, config.upkeep);
  });
}

}  // namespace keystone::server::attestd
