// SPDX-License-Identifier: Apache-2.0
#include "attestd/checkpoint_keys.hpp"

#include "common/kept_file.hpp"

namespace keystone::server::attestd {

Status CheckpointKeys::add(const Es256PublicKey& key) {
  KEYSTONE_TRY(auto kid, thumbprint(key));
  keys_.emplace(std::move(kid), key);
  return {};
}

Result<CheckpointKeys> CheckpointKeys::read(const std::vector<std::string>& files) {
  CheckpointKeys keys;
  for (const std::string& file : files) {
    KEYSTONE_TRY(const auto set, cli::read_kept<JwkSet>(file, JwkSet::parse));
    for (const Jwk& jwk : set.keys()) {
      KEYSTONE_CHECK_OK(keys.add(jwk.key));
    }
  }
  return keys;
}

Result<JwkSet> CheckpointKeys::only(const std::string& kid) const {
  JwkSet set;
  const auto found = keys_.find(kid);
  if (found != keys_.end()) {
    KEYSTONE_CHECK_OK(set.add(Jwk{kid, found->second}));
  }
  return set;
}

}  // namespace keystone::server::attestd
