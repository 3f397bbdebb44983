// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <keystone/base/bytes.hpp>
#include <keystone/channel/keystone_demo.hpp>
#include <keystone/crypto/wipe.hpp>

#include <array>
#include <cstdint>
#include <vector>

// The cryptography of keystone-demo's channel, all of it libsodium's: X25519 keys, session keys by
// crypto_kx, messages by crypto_secretbox over sodium_pad. Keys are wiped; what is said is not, for
// it has been in the buffers of standard input and output.
namespace demo {

using keystone::channel::keystone_demo::ClientKey;
using EnclaveKey = keystone::FixedBytes<struct EnclaveKeyRole, 32>;

// Key material: wiped when it goes away, and so is every copy.
struct Secret {
  std::array<std::uint8_t, 32> bytes{};

  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { keystone::wipe(bytes); }
};

// The client's keys for one connection.
struct KeyPair {
  ClientKey public_key;
  Secret secret;

  // A new one. `internal` when libsodium cannot run.
  [[nodiscard]] static keystone::Result<KeyPair> generate();
};

// The two keys of a connection, one for each direction.
//
// What keystone-demo's envelopes do not have is a number: whoever carries them can leave out,
// repeat or exchange replies of this session, and the client does not notice.
class Session {
 public:
  // `malformed` for an enclave key with which every secret would be the same (of small order).
  [[nodiscard]] static keystone::Result<Session> create(const KeyPair& own,
                                                        const EnclaveKey& enclave);

  // The payload of a frame that only the enclave can read. `limit_exceeded` if it is too long.
  [[nodiscard]] keystone::Result<std::vector<std::uint8_t>> seal(
      keystone::ByteView plaintext) const;

  // What the enclave sealed. `malformed` for anything that it did not.
  [[nodiscard]] keystone::Result<std::vector<std::uint8_t>> open(keystone::ByteView payload) const;

 private:
  Session() = default;

  Secret from_enclave_;
  Secret to_enclave_;
};

}  // namespace demo
