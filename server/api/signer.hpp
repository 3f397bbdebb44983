// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <string>
#include <string_view>

namespace keystone::server {

// What signs attestation results: this node's key ring. Calls may come from any thread.
class ResultSigner {
 public:
  virtual ~ResultSigner() = default;

  // The compact JWS over `payload`, ES256, whose `kid` names the current key. An Error when it
  // cannot sign: then nothing is answered.
  [[nodiscard]] virtual Result<std::string> sign(std::string_view payload) const = 0;

  // The current key's public half: one JWK object, compact.
  [[nodiscard]] virtual std::string public_jwk() const = 0;
};

}  // namespace keystone::server
