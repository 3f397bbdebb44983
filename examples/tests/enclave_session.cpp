// SPDX-License-Identifier: Apache-2.0
#include "enclave_session.hpp"

#include "attester.hpp"

namespace keystone::testing {

namespace protocol = channel::keystone_demo;

ChannelKeys::ChannelKeys(std::string_view label) {
  const auto seed = bytes_for<crypto_kx_SEEDBYTES>(label);
  KEYSTONE_ASSERT(sodium_init() >= 0);
  KEYSTONE_ASSERT(crypto_kx_seed_keypair(public_key.data(), secret_key.data(), seed.data()) == 0);
}

EnclaveSession::EnclaveSession(const ChannelKeys& own, ByteView client_key) {
  KEYSTONE_ASSERT(client_key.size() == crypto_kx_PUBLICKEYBYTES);
  KEYSTONE_ASSERT(crypto_kx_server_session_keys(from_client_.data(), to_client_.data(),
                                                own.public_key.data(), own.secret_key.data(),
                                                client_key.data()) == 0);
}

protocol::Message EnclaveSession::open(ByteView payload) const {
  const auto envelope = protocol::split_envelope(payload).value();
  std::vector<std::uint8_t> plaintext(envelope.ciphertext.size() - crypto_secretbox_MACBYTES);
  KEYSTONE_ASSERT(crypto_secretbox_open_easy(
                      plaintext.data(), envelope.ciphertext.data(), envelope.ciphertext.size(),
                      envelope.nonce.bytes().data(), from_client_.data()) == 0);
  std::size_t size = 0;
  KEYSTONE_ASSERT(sodium_unpad(&size, plaintext.data(), plaintext.size(), protocol::kPadBlock) ==
                  0);
  plaintext.resize(size);
  return protocol::decode_message(plaintext).value();
}

std::vector<std::uint8_t> EnclaveSession::seal_reply(std::int32_t reply) const {
  std::vector<std::uint8_t> padded = protocol::encode_reply(reply);
  padded.resize(protocol::kPadBlock);
  std::size_t size = 0;
  KEYSTONE_ASSERT(
      sodium_pad(&size, padded.data(), protocol::kReply, protocol::kPadBlock, padded.size()) == 0);
  std::array<std::uint8_t, crypto_secretbox_NONCEBYTES> nonce{};
  randombytes_buf(nonce.data(), nonce.size());
  std::vector<std::uint8_t> box(crypto_secretbox_MACBYTES + size);
  KEYSTONE_ASSERT(
      crypto_secretbox_easy(box.data(), padded.data(), size, nonce.data(), to_client_.data()) == 0);
  return protocol::join_envelope({box, protocol::EnvelopeNonce(nonce)}).value();
}

}  // namespace keystone::testing
