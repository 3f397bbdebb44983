// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"
#include "keystone/crypto_compat/curve.hpp"
#include "keystone/crypto_compat/reference.hpp"
#include "keystone/crypto_sign/secret_key.hpp"
#include "keystone/testing/vectors.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace keystone::testing {

using compat::Bytes32;
using compat::reference_accepts;
using compat::Signer;

inline SignatureResult result_of(compat::View32 key, ByteView message, const Signature& signature) {
  return verify_signature(key, message, signature).value();
}

// The bytes that a member of a vector spells in hex.
inline Bytes bytes_at(const nlohmann::json& object, const char* key) {
  return hex::decode(key, object.at(key).get<std::string>()).value();
}

template <std::size_t N>
std::array<std::uint8_t, N> array_at(const nlohmann::json& object, const char* key) {
  const Bytes bytes = bytes_at(object, key);
  if (bytes.size() != N) {
    throw std::length_error(std::string("a vector's member is not as long as it must be: ") + key);
  }
  std::array<std::uint8_t, N> array{};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

inline Bytes32 copy_of(compat::View32 bytes) {
  Bytes32 copy{};
  std::copy(bytes.begin(), bytes.end(), copy.begin());
  return copy;
}

inline Signature join(compat::View32 r, compat::View32 s) {
  std::array<std::uint8_t, Signature::kSize> bytes{};
  std::copy(s.begin(), s.end(), std::copy(r.begin(), r.end(), bytes.begin()));
  return Signature(bytes);
}

// A signer with nothing wrong; tests damage one part of it.
inline Signer honest_signer() {
  const SecretKey key = SecretKey::from_seed(Bytes32{0x42}).value();
  const Bytes32 r = {3, 1, 4, 1, 5};
  return {copy_of(key.expose_secret().first<32>()), key.public_key(), r, compat::times_base(r)};
}

// The first of the messages {0}, {1}, ... for which `accepts(message)`; throws if none does.
template <class Predicate>
Bytes first_message(Predicate accepts) {
  for (unsigned i = 0; i < 256; ++i) {
    const Bytes message = {static_cast<std::uint8_t>(i)};
    if (accepts(message)) {
      return message;
    }
  }
  throw std::runtime_error("no message of one byte will do");
}

}  // namespace keystone::testing
