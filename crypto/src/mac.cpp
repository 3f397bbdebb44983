// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/mac.hpp"

#include "library_context.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <sodium/utils.h>

namespace keystone {
namespace {

// OpenSSL takes a null pointer for a key or message that was not given; an empty one was.
const std::uint8_t* not_null(ByteView bytes) {
  static constexpr std::uint8_t kNone = 0;
  return bytes.empty() ? &kNone : bytes.data();
}

}  // namespace

Status hmac_sha3_512(ByteView key, ByteView message, std::span<std::uint8_t, 64> out) {
  std::size_t size = 0;
  const auto* const computed = EVP_Q_mac(
      detail::library_context(), "HMAC", "provider=default", "SHA3-512", nullptr, not_null(key),
      key.size(), not_null(message), message.size(), out.data(), out.size(), &size);
  if (computed == nullptr || size != out.size()) {
    return fail(ErrorCode::internal, "the cryptographic library cannot compute an authenticator");
  }
  return {};
}

bool equal_in_constant_time(ByteView left, ByteView right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace keystone
