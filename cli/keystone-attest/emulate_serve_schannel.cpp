// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_protocols.hpp"
#include "keystone/channel/frames.hpp"
#include "keystone/crypto/channel_binding.hpp"

#include <algorithm>
#include <array>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

namespace keystone::cli::attest {
namespace {

namespace schannel = channel::schannel;
using Bytes = std::vector<std::uint8_t>;

// Of the extension in examples/README.md.
constexpr std::string_view kSuite = "schannel-bind/1 ecdh-p384";

// The public half of a new key pair.
Result<schannel::PublicKey> fresh_key() {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-384"), EVP_PKEY_free);
  std::array<std::uint8_t, schannel::PublicKey::kSize> point{};  // uncompressed by default
  std::size_t size = 0;
  if (!key || EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                              point.size(), &size) != 1) {
    return fail(ErrorCode::internal, "OpenSSL makes no P-384 key");
  }
  return schannel::PublicKey::from(ByteView(point).first(size));
}

// What the demos' hosts attest: 8 bytes of the nonce, and a zero (schannel.hpp).
Result<Bytes> data_for(schannel::Dialect /*dialect*/, const schannel::ClientHello& hello,
                       const schannel::PublicKey& /*key*/) {
  Bytes data(schannel::Nonce::kSize);
  std::copy_n(hello.nonce.bytes().begin(), data.size() - 1, data.begin());
  return data;
}

Result<Bytes> data_for(schannel::Dialect dialect, const schannel::BoundClientHello& hello,
                       const schannel::PublicKey& key) {
  Bytes handshake = encode(dialect, hello);
  KEYSTONE_TRY(const auto own,
               channel::encode_frame({schannel::length_prefix(dialect), schannel::PublicKey::kSize},
                                     key.bytes()));
  handshake.insert(handshake.end(), own.begin(), own.end());
  KEYSTONE_TRY(const auto binding, bind_channel({kSuite, hello.public_key.bytes(), key.bytes(),
                                                 hello.nonce.bytes(), handshake}));
  return Bytes(binding.bytes().begin(), binding.bytes().end());
}

template <class Hello>
class SchannelConversation final : public Conversation {
 public:
  SchannelConversation(schannel::Dialect dialect, const schannel::PublicKey& key, Attest attest)
      : dialect_(dialect), key_(key), attest_(std::move(attest)), decoder_(dialect) {}

  Result<Step> receive(ByteView bytes) override {
    KEYSTONE_CHECK_OK(decoder_.feed(bytes));
    KEYSTONE_TRY(const auto hello, decoder_.hello());
    if (!hello) {
      return Step{};
    }
    KEYSTONE_TRY(const auto data, data_for(dialect_, *hello, key_));
    KEYSTONE_TRY(const auto report, attest_(data));
    KEYSTONE_TRY(auto answer,
                 encode(dialect_, schannel::ServerHello{key_, report.encode_compact()}));
    return Step{std::move(answer), true};
  }

  Status finish() const override {
    return decoder_.held() == 0 ? Status() : decoder_.finish();  // it may leave without a word
  }

 private:
  schannel::Dialect dialect_;
  schannel::PublicKey key_;
  Attest attest_;
  schannel::HelloDecoder<Hello> decoder_;
};

}  // namespace

StartedConversation converse_schannel(schannel::Dialect dialect, bool bound, const Attest& attest) {
  KEYSTONE_TRY(const auto key, fresh_key());
  if (bound) {
    return std::make_unique<SchannelConversation<schannel::BoundClientHello>>(dialect, key, attest);
  }
  return std::make_unique<SchannelConversation<schannel::ClientHello>>(dialect, key, attest);
}

}  // namespace keystone::cli::attest
