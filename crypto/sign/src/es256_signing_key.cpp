// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto_sign/es256_signing_key.hpp"

#include "es256_handle.hpp"
#include "library_context.hpp"

#include <algorithm>
#include <array>

#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/encoder.h>

namespace keystone {
namespace {

using detail::ErrorsUntouched;
using detail::kEs256Half;
using detail::MdContextPointer;
using detail::OpensslFree;

constexpr char kProvider[] = "provider=default";

tl::unexpected<Error> cannot_run() {
  return fail(ErrorCode::internal, "the cryptographic library cannot run ES256");
}

// r and s of what OpenSSL made.
Result<Es256Signature> from_der(ByteView der) {
  const auto* begin = der.data();
  const std::unique_ptr<ECDSA_SIG, OpensslFree<ECDSA_SIG_free>> pair(
      d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size())));
  std::array<std::uint8_t, Es256Signature::kSize> bytes{};
  if (pair == nullptr ||
      BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), bytes.data(), kEs256Half) != int{kEs256Half} ||
      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), bytes.data() + kEs256Half, kEs256Half) !=
          int{kEs256Half}) {
    return cannot_run();
  }
  return Es256Signature(bytes);
}

}  // namespace

void Es256SigningKey::Free::operator()(void* handle) const {
  EVP_PKEY_free(static_cast<EVP_PKEY*>(handle));
}

Result<Es256SigningKey> Es256SigningKey::from_handle(Handle handle) {
  std::array<std::uint8_t, 2 * kEs256Half> point{};
  if (!detail::write_es256_point(static_cast<EVP_PKEY*>(handle.get()), point)) {
    return cannot_run();
  }
  const std::span<const std::uint8_t, 2 * kEs256Half> both(point);
  KEYSTONE_TRY(auto public_key,
               Es256PublicKey::from_coordinates(both.first<kEs256Half>(), both.last<kEs256Half>()));
  return Es256SigningKey(std::move(handle), std::move(public_key));
}

Result<Es256SigningKey> Es256SigningKey::generate() {
  const ErrorsUntouched untouched;
  Handle made(EVP_PKEY_Q_keygen(detail::library_context(), kProvider, "EC", "P-256"));
  if (made == nullptr) {
    return cannot_run();
  }
  return from_handle(std::move(made));
}

Result<Es256SigningKey> Es256SigningKey::from_pem(ByteView text) {
  auto read = text.size() <= kMaxPem ? detail::read_es256_pem(text, EVP_PKEY_KEYPAIR) : nullptr;
  if (read == nullptr) {
    return fail(ErrorCode::malformed,
                "ES256 key: want one unencrypted private key of P-256 in PEM (PKCS#8)");
  }
  return from_handle(Handle(read.release()));
}

Result<SecretBytes> Es256SigningKey::to_pem() const {
  const ErrorsUntouched untouched;
  const std::unique_ptr<OSSL_ENCODER_CTX, OpensslFree<OSSL_ENCODER_CTX_free>> encoder(
      OSSL_ENCODER_CTX_new_for_pkey(static_cast<EVP_PKEY*>(handle_.get()), EVP_PKEY_KEYPAIR, "PEM",
                                    "PrivateKeyInfo", nullptr));
  unsigned char* data = nullptr;
  std::size_t size = 0;
  if (encoder == nullptr || OSSL_ENCODER_to_data(encoder.get(), &data, &size) != 1) {
    return cannot_run();
  }
  SecretBytes text(size);
  std::copy_n(data, size, text.bytes().begin());
  OPENSSL_clear_free(data, size);
  return text;
}

Result<Es256Signature> Es256SigningKey::sign(ByteView message) const {
  const ErrorsUntouched untouched;
  const MdContextPointer context(EVP_MD_CTX_new());
  std::array<std::uint8_t, 72> der{};  // the longest that there is
  std::size_t size = der.size();
  if (context == nullptr ||
      EVP_DigestSignInit_ex(context.get(), nullptr, "SHA2-256", detail::library_context(),
                            kProvider, static_cast<EVP_PKEY*>(handle_.get()), nullptr) != 1 ||
      EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) != 1) {
    return cannot_run();
  }
  return from_der(ByteView(der).first(size));
}

}  // namespace keystone
