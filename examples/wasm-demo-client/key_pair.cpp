// SPDX-License-Identifier: Apache-2.0
#include "key_pair.hpp"

#include <array>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

namespace demo {

using keystone::channel::schannel::PublicKey;

void KeyPair::Free::operator()(void* key) const {
  EVP_PKEY_free(static_cast<EVP_PKEY*>(key));
}

keystone::Result<KeyPair> KeyPair::generate() {
  EVP_PKEY* const key = EVP_EC_gen("P-384");
  Secret secret(key);
  std::array<std::uint8_t, PublicKey::kSize> point{};  // uncompressed, unless asked otherwise
  std::size_t size = 0;
  if (key == nullptr || EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                        point.size(), &size) != 1) {
    return keystone::fail(keystone::ErrorCode::internal, "OpenSSL makes no P-384 key");
  }
  KEYSTONE_TRY(const auto public_key, PublicKey::from(keystone::ByteView(point).first(size)));
  return KeyPair(std::move(secret), public_key);
}

}  // namespace demo
