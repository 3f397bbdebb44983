// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/ear/ear.hpp"
#include "keystone/ear/jws.hpp"

#include <chrono>
#include <string_view>

namespace keystone {

// What a relying party asks of the token that it was given.
struct EarExpectation {
  ByteView nonce;  // what the attester was asked for: the result must be for this one
  Instant now;
  std::chrono::seconds leeway{60};  // how far the two clocks may be apart; not negative
};

// The result in a token that is to be believed: signed by one of `keys`, within its time, of which
// it has an end, and for the nonce that was asked. Everything else is `malformed`, and says what is
// wrong: nobody knows then what the verifier thinks. Whether it accepts is in the result.
[[nodiscard]] Result<AttestationResult> read_ear_token(std::string_view token, const JwkSet& keys,
                                                       const EarExpectation& expected);

}  // namespace keystone
