// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/digest.hpp"

#include "keystone/base/assert.hpp"
#include "library_context.hpp"

#include <array>

#include <openssl/evp.h>

namespace keystone {
namespace detail {
namespace {

// Fetched once and kept for the life of the process; both are safe to share between threads.
struct Backend {
  EVP_MD* sha3_512 = EVP_MD_fetch(library_context(), "SHA3-512", "provider=default");
  EVP_MD* sha256 = EVP_MD_fetch(library_context(), "SHA2-256", "provider=default");
};

const EVP_MD* fetched(EvpHash::Algorithm algorithm) {
  static const Backend backend;
  return algorithm == EvpHash::Algorithm::sha3_512 ? backend.sha3_512 : backend.sha256;
}

EVP_MD_CTX* as_evp(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

void EvpHash::Free::operator()(void* context) const {
  EVP_MD_CTX_free(as_evp(context));
}

Result<EvpHash> EvpHash::create(Algorithm algorithm) {
  const EVP_MD* const function = fetched(algorithm);
  EvpHash hash(EVP_MD_CTX_new());
  if (function == nullptr || hash.context_ == nullptr ||
      EVP_DigestInit_ex(as_evp(hash.context_.get()), function, nullptr) != 1) {
    return fail(ErrorCode::internal, "the cryptographic library cannot start a hash");
  }
  return hash;
}

void EvpHash::update(ByteView bytes) {
  // A started hash neither allocates nor can refuse: a failure here is a bug.
  KEYSTONE_ASSERT(EVP_DigestUpdate(as_evp(context_.get()), bytes.data(), bytes.size()) == 1);
}

void EvpHash::finish(std::span<std::uint8_t> digest) {
  unsigned int size = 0;
  KEYSTONE_ASSERT(EVP_MD_CTX_get_size(as_evp(context_.get())) == static_cast<int>(digest.size()));
  KEYSTONE_ASSERT(EVP_DigestFinal_ex(as_evp(context_.get()), digest.data(), &size) == 1);
  KEYSTONE_ASSERT(size == digest.size());
}

}  // namespace detail

Result<Sha3_512> Sha3_512::create() {
  KEYSTONE_TRY(auto hash, detail::EvpHash::create(detail::EvpHash::Algorithm::sha3_512));
  return Sha3_512(std::move(hash));
}

Digest512 Sha3_512::finish() && {
  std::array<std::uint8_t, Digest512::kSize> digest{};
  hash_.finish(digest);
  return Digest512(digest);
}

void Sha3_512::finish_into(std::span<std::uint8_t, 64> digest) && {
  hash_.finish(digest);
}

Result<Digest512> sha3_512(ByteView bytes) {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(bytes);
  return std::move(hash).finish();
}

Result<Sha256> Sha256::create() {
  KEYSTONE_TRY(auto hash, detail::EvpHash::create(detail::EvpHash::Algorithm::sha256));
  return Sha256(std::move(hash));
}

FileDigest Sha256::finish() && {
  std::array<std::uint8_t, FileDigest::kSize> digest{};
  hash_.finish(digest);
  return FileDigest(digest);
}

}  // namespace keystone
