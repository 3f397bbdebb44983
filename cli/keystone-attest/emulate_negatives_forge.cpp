// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_negatives_forge.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/crypto/digest.hpp"

#include <algorithm>
#include <utility>

namespace keystone::cli::attest {
namespace {

// Numbers below 2^256, little-endian. Nothing here is secret, so no time is hidden.
using Number = std::array<std::uint8_t, 32>;

// L, the order of the prime-order group: 2^252 + 27742317777372353535851937790883648493
// (RFC 8032, section 5.1).
constexpr Number kGroupOrder = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

// 2^255 - 19, of which coordinates are residues.
constexpr Number kFieldOrder = {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

constexpr std::uint8_t kSign = 0x80;  // in the last byte of a point: whether x is odd

// The generator B (RFC 8032, section 5.1): y = 4/5, x even.
constexpr Number kGenerator = {0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                               0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                               0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

// The sum, which must be below 2^256.
Number sum(const Number& a, const Number& b) {
  Number result{};
  unsigned carry = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    carry += static_cast<unsigned>(a[i]) + b[i];
    result[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8U;
  }
  return result;
}

// The difference, which must not be negative.
Number difference(const Number& a, const Number& b) {
  Number result{};
  int borrow = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const int byte = a[i] - b[i] - borrow;
    result[i] = static_cast<std::uint8_t>(byte);
    borrow = byte < 0 ? 1 : 0;
  }
  return result;
}

bool is_below(const Number& a, const Number& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

// a + b mod L, of numbers below L.
Number sum_mod_l(const Number& a, const Number& b) {
  const Number all = sum(a, b);
  return is_below(all, kGroupOrder) ? all : difference(all, kGroupOrder);
}

// number * factor mod L, bit by bit. The number may have any length, the factor is below L.
Number product_mod_l(ByteView number, const Number& factor) {
  Number result{};
  for (std::size_t bit = 8 * number.size(); bit-- > 0;) {
    result = sum_mod_l(result, result);
    if ((static_cast<unsigned>(number[bit / 8]) >> (bit % 8) & 1U) != 0) {
      result = sum_mod_l(result, factor);
    }
  }
  return result;
}

Number number_of(std::span<const std::uint8_t, 32> bytes) {
  Number number{};
  std::copy(bytes.begin(), bytes.end(), number.begin());
  return number;
}

Signature signature_of(std::span<const std::uint8_t, 32> r, const Number& s) {
  std::array<std::uint8_t, Signature::kSize> bytes{};
  std::copy(r.begin(), r.end(), bytes.begin());
  std::copy(s.begin(), s.end(), bytes.begin() + 32);
  return Signature(bytes);
}

// The point and (0, -1), which has order 2: (-x, -y).
Number plus_point_of_order_2(const Number& point) {
  const bool is_odd = (point.back() & kSign) != 0;
  Number y = point;
  y.back() &= static_cast<std::uint8_t>(~kSign);
  Number moved = difference(kFieldOrder, y);
  moved.back() |= is_odd ? 0 : kSign;  // x is not 0 but for points of small order
  return moved;
}

// number B
Number times_generator(const Number& number) {
  std::array<std::uint8_t, SecretKey::kSize> expanded{};
  std::copy(number.begin(), number.end(), expanded.begin());
  return SecretKey::from_expanded(expanded).public_key();
}

Result<Digest512> challenge(ByteView r, ByteView key, ByteView message) {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(r);
  hash.update(key);
  hash.update(message);
  return std::move(hash).finish();
}

}  // namespace

Signature with_s_plus_l(const Signature& signature) {
  const Number s = number_of(signature.bytes().last<32>());
  return signature_of(signature.bytes().first<32>(), sum(s, kGroupOrder));
}

// S B - k A is B for S = 1, whatever k is.
Forgery forgery_of_small_order() {
  return {SmPublicKey(Number{1}), signature_of(kGenerator, Number{1})};
}

MixedOrderSigner::MixedOrderSigner(const SecretKey& key)
    : scalar_(product_mod_l(key.expose_secret().first<32>(), Number{1})),
      key_(plus_point_of_order_2(key.public_key())) {}

Result<Signature> MixedOrderSigner::sign(ByteView message) const {
  for (std::uint8_t nonce = 1; nonce != 0; ++nonce) {
    const Number r = times_generator(Number{nonce});
    KEYSTONE_TRY(const auto digest, challenge(r, key_.bytes(), message));
    const Number k = product_mod_l(digest.bytes(), Number{1});
    if (k.front() % 2 == 0) {
      return signature_of(r, sum_mod_l(Number{nonce}, product_mod_l(k, scalar_)));
    }
  }
  KEYSTONE_ASSERT(false);  // a chance of 2^-255
}

}  // namespace keystone::cli::attest
