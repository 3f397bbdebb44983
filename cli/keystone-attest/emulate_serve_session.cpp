// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_session.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/crypto/random.hpp"

#include <array>

#include <sodium.h>

namespace keystone::cli::attest {
namespace {

namespace protocol = channel::keystone_demo;

static_assert(EnclavePublicKey::kSize == crypto_kx_PUBLICKEYBYTES);
static_assert(protocol::ClientKey::kSize == crypto_kx_PUBLICKEYBYTES);
static_assert(crypto_kx_SESSIONKEYBYTES == crypto_secretbox_KEYBYTES);
static_assert(protocol::kMac == crypto_secretbox_MACBYTES);
static_assert(protocol::EnvelopeNonce::kSize == crypto_secretbox_NONCEBYTES);

}  // namespace

Result<EnclaveKeys> EnclaveKeys::generate() {
  std::array<std::uint8_t, EnclavePublicKey::kSize> public_key{};
  SecretBytes secret_key(crypto_kx_SECRETKEYBYTES);
  if (sodium_init() < 0 || crypto_kx_keypair(public_key.data(), secret_key.bytes().data()) != 0) {
    return fail(ErrorCode::internal, "libsodium makes no key pair");
  }
  return EnclaveKeys{EnclavePublicKey(public_key), std::move(secret_key)};
}

EnclaveSession::EnclaveSession()
    : from_client_(crypto_kx_SESSIONKEYBYTES), to_client_(crypto_kx_SESSIONKEYBYTES) {}

Result<EnclaveSession> EnclaveSession::create(const EnclaveKeys& own,
                                              const protocol::ClientKey& key) {
  EnclaveSession session;
  if (crypto_kx_server_session_keys(
          session.from_client_.bytes().data(), session.to_client_.bytes().data(),
          own.public_key.bytes().data(), own.secret_key.bytes().data(), key.bytes().data()) != 0) {
    return fail(ErrorCode::malformed,
                "client key: got " + key.hex() + ", want a key of large order");
  }
  return session;
}

Result<std::vector<std::uint8_t>> EnclaveSession::open(ByteView payload) const {
  KEYSTONE_TRY(const auto envelope, protocol::split_envelope(payload));
  std::vector<std::uint8_t> plaintext(envelope.ciphertext.size() - protocol::kMac);
  if (crypto_secretbox_open_easy(plaintext.data(), envelope.ciphertext.data(),
                                 envelope.ciphertext.size(), envelope.nonce.bytes().data(),
                                 from_client_.bytes().data()) != 0) {
    return fail(ErrorCode::malformed, "envelope: got one that this client did not seal");
  }
  std::size_t size = 0;
  if (sodium_unpad(&size, plaintext.data(), plaintext.size(), protocol::kPadBlock) != 0) {
    return fail(ErrorCode::malformed, "message: got no padding, want some");
  }
  plaintext.resize(size);
  return plaintext;
}

Result<std::vector<std::uint8_t>> EnclaveSession::seal(ByteView plaintext) const {
  std::vector<std::uint8_t> padded(plaintext.begin(), plaintext.end());
  padded.resize(protocol::padded_size(plaintext.size()));
  std::size_t size = 0;
  KEYSTONE_ASSERT(
      sodium_pad(&size, padded.data(), plaintext.size(), protocol::kPadBlock, padded.size()) == 0);
  std::array<std::uint8_t, protocol::EnvelopeNonce::kSize> nonce{};
  fill_random(nonce);
  std::vector<std::uint8_t> box(protocol::kMac + size);
  KEYSTONE_ASSERT(crypto_secretbox_easy(box.data(), padded.data(), size, nonce.data(),
                                        to_client_.bytes().data()) == 0);
  return protocol::join_envelope({std::move(box), protocol::EnvelopeNonce(nonce)});
}

}  // namespace keystone::cli::attest
