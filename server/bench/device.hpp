// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attester.hpp"

namespace keystone::bench {

// What the device of Attester says to a nonce. A fresh one has a Security Monitor key that nobody
// has seen before, so that a verifier must check both signatures, and has no table for that key.
[[nodiscard]] inline Report report_of(ByteView nonce, bool fresh) {
  testing::Attester attester;
  if (fresh) {
    attester.sm = testing::key_for({reinterpret_cast<const char*>(nonce.data()), nonce.size()});
  }
  return attester.report(nonce);
}

}  // namespace keystone::bench
