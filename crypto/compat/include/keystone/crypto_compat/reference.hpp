// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/keys.hpp"

#include <cstdint>
#include <span>

namespace keystone::compat {

// Whether Keystone's own verifier (sdk/src/verifier/ed25519/verify.c of keystone 88c49ee) accepts
// the signature, bit for bit: it refuses S of 2^253 and more, and keys that are not on the curve
// with y taken mod p. It takes every other key, any S below that bound, and compares the encoding
// of S B - k A with the bytes of R. For tests of how ours differs, never for a decision.
[[nodiscard]] bool reference_accepts(std::span<const std::uint8_t, 32> public_key, ByteView message,
                                     const Signature& signature);

}  // namespace keystone::compat
