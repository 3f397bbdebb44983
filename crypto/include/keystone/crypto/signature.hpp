// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/keys.hpp"
#include "keystone/base/result.hpp"
#include "keystone/crypto/key_tables.hpp"

#include <cstdint>
#include <span>
#include <string_view>

// ed25519-sha3-512: Ed25519 of RFC 8032 with SHA-512 replaced by SHA3-512 throughout, the scheme of
// Keystone's boot ROM and Security Monitor. It is not EdDSA as tokens and key files name it: never
// label it so.
//
// Deviations from RFC 8032 and from Keystone's own verifier, all to the strict side: the equation
// is the one without cofactor, checked on the encoded bytes of R; keys must be canonical encodings
// of points of the prime-order group; R must be canonical and not of small order; S must be less
// than the group order L. With that, nobody can turn one valid signature into another, and no key
// verifies a message that its owner did not sign.
//
// Everything here is public, so nothing is constant-time.
namespace keystone {

// What is wrong with a signature: the first that holds, in this order. The words are those of
// findings in verdicts.
enum class SignatureResult : std::uint8_t {
  valid,
  s_not_reduced,      // S >= L
  key_small_order,    // one of the 14 encodings of points of order 1, 2, 4 or 8
  key_non_canonical,  // y >= p, or x = 0 with the sign bit set
  key_mixed_order,    // on the curve, but outside the prime-order group
  key_not_on_curve,
  r_small_order,
  r_non_canonical,
  mismatch,  // encode(S B - k A) is not R
};

// The enumerator's name.
[[nodiscard]] std::string_view to_string(SignatureResult result);

// What is wrong with a public key, whatever it signed: `valid` or one of the key_ results.
[[nodiscard]] SignatureResult check_public_key(std::span<const std::uint8_t, 32> public_key);

// Whether `signature` is one of `message` under `public_key`. Fails with `internal` when the hash
// function cannot run; an invalid signature is an answer, not an error.
[[nodiscard]] Result<SignatureResult> verify_signature(std::span<const std::uint8_t, 32> public_key,
                                                       ByteView message,
                                                       const Signature& signature);

// The same, faster for a key that recurs. Only for keys that somebody vouches for (KeyTables).
[[nodiscard]] Result<SignatureResult> verify_signature(std::span<const std::uint8_t, 32> public_key,
                                                       ByteView message, const Signature& signature,
                                                       const KeyTables& tables);

// One of many signatures to verify. The bytes are the caller's.
struct SignatureJob {
  std::span<const std::uint8_t, 32> public_key;
  ByteView message;
  std::span<const std::uint8_t, 64> signature;
  bool is_vouched_for = false;  // whether the key may have a table (KeyTables)
};

// Each signature as verify_signature() judges it, all of them faster: results[i] is that of
// jobs[i]; there must be as many of one as of the other. `tables` may be null. What it needs of
// memory does not depend on how many there are. Fails with `internal` as verify_signature() does;
// the results are then unspecified.
[[nodiscard]] Status verify_signatures(std::span<const SignatureJob> jobs,
                                       std::span<SignatureResult> results,
                                       const KeyTables* tables = nullptr);

}  // namespace keystone
