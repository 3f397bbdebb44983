// SPDX-License-Identifier: Apache-2.0
#include "attestd/node.hpp"

#include "keystone/crypto/random.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace keystone::server::attestd {

Instant system_clock_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Result<std::shared_ptr<Store>> open_store(const Config& config, const StateFolder& state,
                                          bool make) {
  StoreOptions options{SqliteFile{state.path_of("store.sqlite3")}, config.store_busy};
  if (config.store) {
    options = *config.store;
  }
  const auto* const sqlite = std::get_if<SqliteFile>(&options.where);
  std::error_code problem;
  if (sqlite != nullptr && !make && !std::filesystem::exists(sqlite->path, problem)) {
    return fail(ErrorCode::unreadable, sqlite->path + ": is not there",
                "keystone-attestd makes it when it first starts");
  }
  KEYSTONE_TRY(auto store, Store::open(options, fill_random));
  return std::make_shared<Store>(std::move(store));
}

Result<JwkSet> checkpoint_keys(const KeyFolder& folder, const Store& store) {
  JwkSet keys;
  const auto add = [&](Jwk jwk) -> Status {
    const bool known = std::any_of(keys.keys().begin(), keys.keys().end(),
                                   [&](const Jwk& other) { return other.kid == jwk.kid; });
    const bool full = keys.keys().size() == JwkSet::kMaxKeys;
    return known || full ? Status() : keys.add(std::move(jwk));
  };
  KEYSTONE_TRY(auto own, folder.public_keys());
  for (Jwk& jwk : own) {
    KEYSTONE_CHECK_OK(add(std::move(jwk)));
  }
  KEYSTONE_TRY(const auto published, store.keys(Instant{}));  // former ones too
  for (const PublicKeyRecord& record : published) {
    KEYSTONE_TRY(auto jwk, parse_jwk(record.jwk));
    KEYSTONE_CHECK_OK(add(std::move(jwk)));
  }
  return keys;
}

}  // namespace keystone::server::attestd
