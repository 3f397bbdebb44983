// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/channel/keystone_demo.hpp"
#include "keystone/emulator/secret_bytes.hpp"

// The enclave's end of the cryptography of keystone-demo, which is libsodium's: crypto_kx and
// crypto_secretbox_easy (server_eapp/channel.c, 2af88c6).
namespace keystone::cli::attest {

using EnclavePublicKey = FixedBytes<struct EnclavePublicKeyRole, 32>;  // X25519

// The keys of one run of the enclave.
struct EnclaveKeys {
  EnclavePublicKey public_key;
  SecretBytes secret_key;

  // New ones. `internal` when libsodium cannot run.
  [[nodiscard]] static Result<EnclaveKeys> generate();
};

// The keys of a session with one client, wiped when it goes away.
class EnclaveSession {
 public:
  // `malformed` for a client key of small order, with which everybody would know the session's.
  [[nodiscard]] static Result<EnclaveSession> create(const EnclaveKeys& own,
                                                     const channel::keystone_demo::ClientKey& key);

  // What the client sealed, unpadded; `malformed` or `limit_exceeded` for anything else.
  [[nodiscard]] Result<std::vector<std::uint8_t>> open(ByteView payload) const;

  // The payload of a frame that only the client can read.
  [[nodiscard]] Result<std::vector<std::uint8_t>> seal(ByteView plaintext) const;

 private:
  EnclaveSession();

  SecretBytes from_client_;
  SecretBytes to_client_;
};

}  // namespace keystone::cli::attest
