// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <keystone/crypto/random.hpp>

#include <sodium.h>

namespace demo {
namespace {

namespace protocol = keystone::channel::keystone_demo;
using keystone::ErrorCode;

static_assert(ClientKey::kSize == crypto_kx_PUBLICKEYBYTES);
static_assert(EnclaveKey::kSize == crypto_kx_PUBLICKEYBYTES);
static_assert(sizeof(Secret::bytes) == crypto_kx_SECRETKEYBYTES);
static_assert(sizeof(Secret::bytes) == crypto_kx_SESSIONKEYBYTES);
static_assert(sizeof(Secret::bytes) == crypto_secretbox_KEYBYTES);
static_assert(protocol::kMac == crypto_secretbox_MACBYTES);
static_assert(protocol::EnvelopeNonce::kSize == crypto_secretbox_NONCEBYTES);

protocol::EnvelopeNonce fresh_nonce() {
  std::array<std::uint8_t, protocol::EnvelopeNonce::kSize> nonce{};
  keystone::fill_random(nonce);
  return protocol::EnvelopeNonce(nonce);
}

}  // namespace

keystone::Result<KeyPair> KeyPair::generate() {
  std::array<std::uint8_t, ClientKey::kSize> public_key{};
  Secret secret;
  if (sodium_init() < 0 || crypto_kx_keypair(public_key.data(), secret.bytes.data()) != 0) {
    return keystone::fail(ErrorCode::internal, "libsodium makes no key pair");
  }
  return KeyPair{ClientKey(public_key), secret};
}

keystone::Result<Session> Session::create(const KeyPair& own, const EnclaveKey& enclave) {
  Session session;
  if (crypto_kx_client_session_keys(session.from_enclave_.bytes.data(),
                                    session.to_enclave_.bytes.data(), own.public_key.bytes().data(),
                                    own.secret.bytes.data(), enclave.bytes().data()) != 0) {
    return keystone::fail(ErrorCode::malformed,
                          "enclave key: got " + enclave.hex() + ", want a key of large order");
  }
  return session;
}

keystone::Result<std::vector<std::uint8_t>> Session::seal(keystone::ByteView plaintext) const {
  std::vector<std::uint8_t> padded(plaintext.begin(), plaintext.end());
  padded.resize(protocol::padded_size(plaintext.size()));
  std::size_t size = 0;
  KEYSTONE_ASSERT(
      sodium_pad(&size, padded.data(), plaintext.size(), protocol::kPadBlock, padded.size()) == 0);
  protocol::Envelope envelope{std::vector<std::uint8_t>(protocol::kMac + size), fresh_nonce()};
  KEYSTONE_ASSERT(crypto_secretbox_easy(envelope.ciphertext.data(), padded.data(), size,
                                        envelope.nonce.bytes().data(),
                                        to_enclave_.bytes.data()) == 0);
  return protocol::join_envelope(envelope);
}

keystone::Result<std::vector<std::uint8_t>> Session::open(keystone::ByteView payload) const {
  KEYSTONE_TRY(const auto envelope, protocol::split_envelope(payload));
  std::vector<std::uint8_t> plaintext(envelope.ciphertext.size() - protocol::kMac);
  if (crypto_secretbox_open_easy(plaintext.data(), envelope.ciphertext.data(),
                                 envelope.ciphertext.size(), envelope.nonce.bytes().data(),
                                 from_enclave_.bytes.data()) != 0) {
    return keystone::fail(ErrorCode::malformed, "reply: got what the enclave did not seal");
  }
  std::size_t size = 0;
  if (sodium_unpad(&size, plaintext.data(), plaintext.size(), protocol::kPadBlock) != 0) {
    return keystone::fail(ErrorCode::malformed, "reply: got no padding, want some");
  }
  plaintext.resize(size);
  return plaintext;
}

}  // namespace demo
