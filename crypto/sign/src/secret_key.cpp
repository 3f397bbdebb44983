// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto_sign/secret_key.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/crypto/secret_bytes.hpp"

#include <algorithm>
#include <utility>

#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_scalarmult_ed25519.h>

namespace keystone {
namespace {

// scalar B. libsodium drops bit 255 of a factor, which the sums of sign() do not: reduced mod L, no
// scalar has it. One of zero gives the identity, which libsodium calls a failure.
std::array<std::uint8_t, 32> times_base(std::span<const std::uint8_t, 32> scalar) {
  SecretArray<64> wide;
  std::copy(scalar.begin(), scalar.end(), wide.bytes.begin());
  SecretArray<32> reduced;
  crypto_core_ed25519_scalar_reduce(reduced.bytes.data(), wide.bytes.data());
  std::array<std::uint8_t, 32> point{};
  if (crypto_scalarmult_ed25519_base_noclamp(point.data(), reduced.bytes.data()) != 0) {
    point = {1};
  }
  return point;
}

// SHA3-512(R || A || M) mod L.
Result<std::array<std::uint8_t, 32>> challenge_scalar(ByteView r, ByteView key, ByteView message) {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(r);
  hash.update(key);
  hash.update(message);
  const Digest512 digest = std::move(hash).finish();
  std::array<std::uint8_t, 32> scalar{};
  crypto_core_ed25519_scalar_reduce(scalar.data(), digest.bytes().data());
  return scalar;
}

}  // namespace

Result<SecretKey> SecretKey::from_seed(std::span<const std::uint8_t, kSeedSize> seed) {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(seed);
  SecretKey key;
  std::move(hash).finish_into(key.expanded_);
  key.expanded_[0] &= 248;
  key.expanded_[31] &= 63;
  key.expanded_[31] |= 64;
  key.public_ = times_base(std::span(key.expanded_).first<32>());
  return key;
}

SecretKey SecretKey::from_expanded(std::span<const std::uint8_t, kSize> expanded) {
  SecretKey key;
  std::copy(expanded.begin(), expanded.end(), key.expanded_.begin());
  key.public_ = times_base(expanded.first<32>());
  return key;
}

SecretKey SecretKey::all_zero() {
  return SecretKey();
}

SecretKey::~SecretKey() {
  wipe(expanded_);
}

SecretKey::SecretKey(SecretKey&& other) noexcept
    : expanded_(other.expanded_), public_(other.public_) {
  wipe(other.expanded_);
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  std::swap(expanded_, other.expanded_);
  std::swap(public_, other.public_);
  return *this;
}

Result<Signature> SecretKey::sign(ByteView message) const {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(std::span(expanded_).last<32>());
  hash.update(message);
  SecretArray<64> nonce_digest;
  std::move(hash).finish_into(nonce_digest.bytes);
  SecretArray<32> nonce;
  crypto_core_ed25519_scalar_reduce(nonce.bytes.data(), nonce_digest.bytes.data());
  const auto r = times_base(nonce.bytes);
  KEYSTONE_TRY(const auto k, challenge_scalar(r, public_, message));

  SecretArray<32> product;
  crypto_core_ed25519_scalar_mul(product.bytes.data(), k.data(), expanded_.data());
  std::array<std::uint8_t, Signature::kSize> signature{};
  std::copy(r.begin(), r.end(), signature.begin());
  crypto_core_ed25519_scalar_add(signature.data() + r.size(), product.bytes.data(),
                                 nonce.bytes.data());
  return Signature(signature);
}

}  // namespace keystone
