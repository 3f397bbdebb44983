// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/keys.hpp"
#include "keystone/crypto_sign/secret_key.hpp"

// Signatures that no honest signer makes, and that Keystone's own verifier takes: it does not look
// whether S is reduced, nor whether the key is in the prime-order group.
namespace keystone::cli::attest {

// The same signature with S + L in place of S. Requires that S is reduced.
[[nodiscard]] Signature with_s_plus_l(const Signature& signature);

// A key and its signature of a message.
struct Forgery {
  SmPublicKey key;
  Signature signature;
};

// The neutral element as a key: with it, this signature is one of every message.
[[nodiscard]] Forgery forgery_of_small_order();

// Who knows the scalar of `key` signs under the sum of its public key and the point of order 2: the
// nonce is chosen so that this point falls out.
class MixedOrderSigner {
 public:
  explicit MixedOrderSigner(const SecretKey& key);

  [[nodiscard]] const SmPublicKey& key() const { return key_; }

  // Fails with `internal` when the hash function cannot run.
  [[nodiscard]] Result<Signature> sign(ByteView message) const;

 private:
  std::array<std::uint8_t, 32> scalar_;  // mod L
  SmPublicKey key_;
};

}  // namespace keystone::cli::attest
