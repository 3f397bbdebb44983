// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/es256.hpp"
#include "keystone/crypto/secret_bytes.hpp"

#include <memory>

namespace keystone {

// The secret half of an ES256 key pair. Move-only, wiped when it goes away, without comparison or
// printing. sign() may be called from any number of threads at once.
class Es256SigningKey {
 public:
  // The longest PEM text that is read, in bytes.
  static constexpr std::size_t kMaxPem = 4096;

  // A new key from the randomness of the operating system. `internal` when the backend cannot run.
  [[nodiscard]] static Result<Es256SigningKey> generate();

  // Of the text of a key file: one unencrypted PKCS#8 key of P-256 in PEM, as to_pem() and `openssl
  // genpkey` write it. `malformed` for anything else, with nothing of the key in the message. The
  // caller wipes its own copy.
  [[nodiscard]] static Result<Es256SigningKey> from_pem(ByteView text);

  // The text of a key file; it holds the secret. `internal` when the backend cannot run.
  [[nodiscard]] Result<SecretBytes> to_pem() const;

  [[nodiscard]] const Es256PublicKey& public_key() const { return public_; }

  // A signature of `message` that es256_verify() accepts under public_key(); a fresh one each time.
  // `internal` when the backend cannot run.
  [[nodiscard]] Result<Es256Signature> sign(ByteView message) const;

 private:
  struct Free {
    void operator()(void* handle) const;
  };
  using Handle = std::unique_ptr<void, Free>;
  Es256SigningKey(Handle handle, Es256PublicKey public_key)
      : handle_(std::move(handle)), public_(std::move(public_key)) {}
  [[nodiscard]] static Result<Es256SigningKey> from_handle(Handle handle);

  Handle handle_;  // of the backend, which wipes the secret when it is freed
  Es256PublicKey public_;
};

}  // namespace keystone
