// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/relying_party.hpp"

#include <algorithm>

namespace keystone {

Result<AttestationResult> read_ear_token(std::string_view token, const JwkSet& keys,
                                         const EarExpectation& expected) {
  KEYSTONE_TRY(const auto checked, jws_verify(token, keys, expected.now, expected.leeway));
  if (checked.result != JwsResult::valid) {
    return fail(ErrorCode::malformed,
                "token: got " + std::string(to_string(checked.result)) + ", want valid");
  }
  KEYSTONE_TRY(auto result, parse_ear(checked.payload));
  if (!result.expires) {
    return fail(ErrorCode::malformed, "exp: missing");
  }
  if (!result.nonce || !std::ranges::equal(*result.nonce, expected.nonce)) {
    return fail(ErrorCode::malformed, "eat_nonce: got " +
                                          (result.nonce ? hex::encode(*result.nonce) : "none") +
                                          ", want " + hex::encode(expected.nonce));
  }
  return result;
}

}  // namespace keystone
