// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <memory>
#include <span>

#include <openssl/err.h>
#include <openssl/evp.h>

// ES256 in OpenSSL's terms, for the two files that use it.
namespace keystone::detail {

template <auto kFree>
struct OpensslFree {
  template <class Object>
  void operator()(Object* object) const {
    kFree(object);
  }
};
using PkeyPointer = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using MdContextPointer = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;

// Leaves OpenSSL's queue of errors as it was: what other code of this thread finds in it, TLS for
// example, it takes for its own.
class ErrorsUntouched {
 public:
  ErrorsUntouched() { (void)ERR_set_mark(); }
  ~ErrorsUntouched() { (void)ERR_pop_to_mark(); }
  ErrorsUntouched(const ErrorsUntouched&) = delete;
  ErrorsUntouched& operator=(const ErrorsUntouched&) = delete;
};

// The size of r, of s and of each coordinate, in bytes.
inline constexpr std::size_t kEs256Half = 32;

// The key in a PEM text: for the selection EVP_PKEY_PUBLIC_KEY a SubjectPublicKeyInfo, for
// EVP_PKEY_KEYPAIR a PrivateKeyInfo. Null unless it is one sound key of P-256 and nothing else.
[[nodiscard]] PkeyPointer read_es256_pem(std::span<const std::uint8_t> text, int selection);

// The two coordinates of a key of P-256; false if the backend cannot tell.
[[nodiscard]] bool write_es256_point(const EVP_PKEY* key,
                                     std::span<std::uint8_t, 2 * kEs256Half> point);

}  // namespace keystone::detail
