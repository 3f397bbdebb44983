// SPDX-License-Identifier: Apache-2.0
#include "attestd/node.hpp"

#include "keystone/crypto/random.hpp"

#include <filesystem>
#include <system_error>

namespace keystone::server::attestd {

Instant system_clock_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

namespace {

StoreOptions options_of(const Config& config, const StateFolder& state) {
  return config.store ? *config.store
                      : StoreOptions{SqliteFile{state.path_of("store.sqlite3")}, config.store_busy};
}

Status check_file_is_there(const StoreOptions& options) {
  const auto* const sqlite = std::get_if<SqliteFile>(&options.where);
  std::error_code problem;
  if (sqlite != nullptr && !std::filesystem::exists(sqlite->path, problem)) {
    return fail(ErrorCode::unreadable, sqlite->path + ": is not there",
                "keystone-attestd makes it when it first starts");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<Store>> open_store(const Config& config, const StateFolder& state,
                                          StoreUser user) {
  const StoreOptions options = options_of(config, state);
  const bool is_command = user == StoreUser::command;
  if (is_command) {
    KEYSTONE_CHECK_OK(check_file_is_there(options));
  }
  KEYSTONE_TRY(auto store,
               is_command ? Store::open_as_it_is(options) : Store::open(options, fill_random));
  return std::make_shared<Store>(std::move(store));
}

Status migrate_store(const Config& config, const StateFolder& state) {
  const StoreOptions options = options_of(config, state);
  KEYSTONE_CHECK_OK(check_file_is_there(options));
  KEYSTONE_CHECK_OK(Store::open(options, fill_random));
  return {};
}

Result<Node> open_node(const Config& config, const std::string& state) {
  KEYSTONE_TRY(const auto folder, StateFolder::open(state));
  KEYSTONE_TRY(auto store, open_store(config, folder, StoreUser::command));
  KEYSTONE_TRY(auto keys, KeyFolder::open(folder, false));
  return Node{std::move(store), std::move(keys)};
}

Result<CheckpointKeys> checkpoint_keys(const KeyFolder& folder, const Store& store) {
  CheckpointKeys keys;
  KEYSTONE_TRY(const auto own, folder.public_keys());
  for (const Jwk& jwk : own) {
    KEYSTONE_CHECK_OK(keys.add(jwk.key));
  }
  KEYSTONE_TRY(const auto published, store.keys(Instant{}));  // former ones too
  for (const PublicKeyRecord& record : published) {
    KEYSTONE_TRY(const auto jwk, parse_jwk(record.jwk));
    KEYSTONE_CHECK_OK(keys.add(jwk.key));
  }
  return keys;
}

}  // namespace keystone::server::attestd
