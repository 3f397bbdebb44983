// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <keystone/channel/schannel.hpp>

#include <memory>

namespace demo {

// The client's P-384 keys for one connection; OpenSSL wipes the secret one when it goes away. A
// client that speaks behind the handshake would ask for the shared secret; this one ends there.
class KeyPair {
 public:
  // A new one. `internal` when OpenSSL cannot run.
  [[nodiscard]] static keystone::Result<KeyPair> generate();

  [[nodiscard]] const keystone::channel::schannel::PublicKey& public_key() const {
    return public_key_;
  }

 private:
  struct Free {
    void operator()(void* key) const;
  };
  using Secret = std::unique_ptr<void, Free>;
  KeyPair(Secret secret, keystone::channel::schannel::PublicKey public_key)
      : secret_(std::move(secret)), public_key_(public_key) {}

  Secret secret_;
  keystone::channel::schannel::PublicKey public_key_;
};

}  // namespace demo
