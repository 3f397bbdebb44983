// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/ear/jwk.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace keystone::server::attestd {

// The keys that checkpoints may be signed with, former ones included: any number of them, as a log
// outlives more keys than a JwkSet holds. One is found by its thumbprint (RFC 7638), which is how a
// KeyFolder names keys, so that none can be put in the place of another.
class CheckpointKeys {
 public:
  // `internal` when the hash function cannot run.
  [[nodiscard]] Status add(const Es256PublicKey& key);

  // All keys of the JWK sets in these files. Fails as cli::read_text() and JwkSet::parse();
  // messages name the file.
  [[nodiscard]] static Result<CheckpointKeys> read(const std::vector<std::string>& files);

  [[nodiscard]] bool has(std::string_view kid) const { return keys_.contains(kid); }

  // The key of that name alone, or no key: what a token that names `kid` is verified with.
  [[nodiscard]] Result<JwkSet> only(const std::string& kid) const;

 private:
  std::map<std::string, Es256PublicKey, std::less<>> keys_;
};

}  // namespace keystone::server::attestd
