// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto_compat/curve.hpp"

#include <algorithm>
#include <optional>

#include <cryptopp/integer.h>
#include <cryptopp/nbtheory.h>

// The curve once more, as RFC 8032, section 5.1 writes it down, over plain big integers: nothing in
// common with the arithmetic that it is compared with.
namespace keystone::compat {

class SecondCurve {
 public:
  // The sum, unless one of the two is no point. Decodes with y mod p; the sign means nothing where
  // x = 0.
  [[nodiscard]] std::optional<Bytes32> add(View32 a, View32 b) const {
    const auto first = decode(a);
    const auto second = decode(b);
    if (!first || !second) {
      return std::nullopt;
    }
    const Integer xx = first->x * second->x;
    const Integer yy = first->y * second->y;
    const Integer cross = first->x * second->y + first->y * second->x;
    const Integer product = d_ * xx * yy;
    return encode({quotient(cross, 1 + product), quotient(yy + xx, 1 - product)});
  }

 private:
  using Integer = CryptoPP::Integer;
  struct Point {
    Integer x;
    Integer y;
  };

  // Crypto++ gives the remainder of a negative number as a positive one.
  [[nodiscard]] Integer quotient(const Integer& a, const Integer& b) const {
    return a * (b % p_).InverseMod(p_) % p_;
  }

  [[nodiscard]] std::optional<Point> decode(View32 bytes) const {
    Bytes32 cleared{};
    std::copy(bytes.begin(), bytes.end(), cleared.begin());
    cleared[31] &= 0x7f;
    const Integer y =
        Integer(cleared.data(), cleared.size(), Integer::UNSIGNED, CryptoPP::LITTLE_ENDIAN_ORDER) %
        p_;
    const Integer xx = quotient(y * y - 1, d_ * y * y + 1);
    if (CryptoPP::Jacobi(xx, p_) == -1) {
      return std::nullopt;
    }
    const Integer x = CryptoPP::ModularSquareRoot(xx, p_);
    const bool is_odd_wanted = bytes[31] >> 7U != 0;
    return Point{x.IsOdd() == is_odd_wanted ? x : (p_ - x) % p_, y};
  }

  [[nodiscard]] static Bytes32 encode(const Point& point) {
    Bytes32 bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = point.y.GetByte(i);
    }
    bytes[31] |= static_cast<std::uint8_t>(point.x.IsOdd() ? 0x80 : 0);
    return bytes;
  }

  Integer p_ = Integer::Power2(255) - 19;
  Integer d_ = quotient(-121665, 121666);
};

}  // namespace keystone::compat
