// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/field.hpp"
#include "ed25519/scalar.hpp"

#include <random>
#include <span>

#include <cryptopp/integer.h>

// What the arithmetic of edwards25519 is compared with: Crypto++'s big integers.
namespace keystone::testing {

using CryptoPP::Integer;

inline const Integer& field_order() {
  static const Integer p = Integer::Power2(255) - 19;
  return p;
}

inline const Integer& group_order() {
  static const Integer order =
      Integer::Power2(252) + Integer("27742317777372353535851937790883648493");
  return order;
}

inline Integer from_little_endian(std::span<const std::uint8_t> bytes) {
  return {bytes.data(), bytes.size(), Integer::UNSIGNED, CryptoPP::LITTLE_ENDIAN_ORDER};
}

template <std::size_t N>
std::array<std::uint8_t, N> to_little_endian(const Integer& number) {
  std::array<std::uint8_t, N> bytes{};
  for (std::size_t i = 0; i < N; ++i) {
    bytes[i] = number.GetByte(i);
  }
  return bytes;
}

// What the limbs stand for, not reduced.
inline Integer sum_of_limbs(const detail::ed25519::Field& field) {
  Integer sum;
  for (std::size_t i = field.limb.size(); i-- > 0;) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t j = 0; j < bytes.size(); ++j) {
      bytes[j] = static_cast<std::uint8_t>(field.limb[i] >> (8 * j));
    }
    sum = (sum << detail::ed25519::kLimbBits) + from_little_endian(bytes);
  }
  return sum;
}

inline Integer to_integer(const detail::ed25519::Field& field) {
  return sum_of_limbs(field) % field_order();
}

// The same bytes in every run.
template <std::size_t N>
std::array<std::uint8_t, N> random_bytes(std::mt19937_64& random) {
  std::array<std::uint8_t, N> bytes{};
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(random());
  }
  return bytes;
}

}  // namespace keystone::testing
