// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

// The field of p = 2^255 - 19 elements (RFC 8032, section 5.1), in five limbs of 51 bits.
//
// A Field is the number sum(limb[i] 2^(51 i)) mod p; limbs may be above 51 bits, and how far is
// said in bits. Three bounds hold throughout:
//   tight    limb < 2^51 + 2^13: what multiply(), square() and from_bytes() give
//   sum      limb < 2^53: what add() of two tight ones gives
//   loose    limb < 2^54: what multiply() and square() take
//
// In variable time: for public numbers alone.
namespace keystone::detail::ed25519 {

struct Field {
  std::array<std::uint64_t, 5> limb;
};

inline constexpr unsigned kLimbBits = 51;
inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << kLimbBits) - 1;

__extension__ using Wide = unsigned __int128;  // g++ and clang; no other compiler is supported

inline constexpr Field kZero = {{0, 0, 0, 0, 0}};
inline constexpr Field kOne = {{1, 0, 0, 0, 0}};

// Limbs below the sum of the two bounds.
[[nodiscard]] constexpr Field add(const Field& a, const Field& b) {
  return {{a.limb[0] + b.limb[0], a.limb[1] + b.limb[1], a.limb[2] + b.limb[2],
           a.limb[3] + b.limb[3], a.limb[4] + b.limb[4]}};
}

// a - b + 4 p, so that no limb goes below zero. Requires `b` below 2^53 - 76; limbs below that of
// `a` plus 2^53: loose for an `a` that is a sum.
[[nodiscard]] constexpr Field subtract(const Field& a, const Field& b) {
  constexpr std::uint64_t kFirst = 4 * (kLimbMask - 18);  // 4 (2^51 - 19)
  constexpr std::uint64_t kOther = 4 * kLimbMask;         // 4 (2^51 - 1)
  return {{a.limb[0] + kFirst - b.limb[0], a.limb[1] + kOther - b.limb[1],
           a.limb[2] + kOther - b.limb[2], a.limb[3] + kOther - b.limb[3],
           a.limb[4] + kOther - b.limb[4]}};
}

namespace internal {

// A column of a product: what has the weight 2^(51 i). Products are added one by one, as g++ keeps
// all of a longer sum in memory first.
class Column {
 public:
  constexpr Column& plus(std::uint64_t a, std::uint64_t b) {
    sum_ += Wide{a} * b;
    return *this;
  }

  // The limb; what is above it remains, for the next column.
  constexpr std::uint64_t take_limb() {
    const std::uint64_t limb = static_cast<std::uint64_t>(sum_) & kLimbMask;
    sum_ = static_cast<std::uint64_t>(sum_ >> kLimbBits);
    return limb;
  }

  // What remains after the last column: it comes back times 19, as 2^255 = 19.
  [[nodiscard]] constexpr std::uint64_t above() const { return static_cast<std::uint64_t>(sum_); }

 private:
  Wide sum_ = 0;
};

}  // namespace internal

// Takes loose, gives tight. One column after the other, which is what g++ makes the fastest code
// of. The first has one product and four times 19: below 77 2^108, so what it leaves is below
// 2^63.3. The last has no 19: below 5 2^108 + 2^63.3, and what it leaves, times 19, below 2^63.7;
// of that the second limb gets less than 2^13.
[[nodiscard]] constexpr Field multiply(const Field& x, const Field& y) {
  const auto [a0, a1, a2, a3, a4] = x.limb;
  const auto [b0, b1, b2, b3, b4] = y.limb;
  const std::uint64_t d1 = 19 * a1;  // < 2^59
  const std::uint64_t d2 = 19 * a2;
  const std::uint64_t d3 = 19 * a3;
  const std::uint64_t d4 = 19 * a4;
  Wide c = 0;
  c += Wide{a0} * b0;
  c += Wide{d4} * b1;
  c += Wide{d3} * b2;
  c += Wide{d2} * b3;
  c += Wide{d1} * b4;
  const std::uint64_t r0 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{a0} * b1;
  c += Wide{a1} * b0;
  c += Wide{d4} * b2;
  c += Wide{d3} * b3;
  c += Wide{d2} * b4;
  const std::uint64_t r1 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{a0} * b2;
  c += Wide{a1} * b1;
  c += Wide{a2} * b0;
  c += Wide{d4} * b3;
  c += Wide{d3} * b4;
  const std::uint64_t r2 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{a0} * b3;
  c += Wide{a1} * b2;
  c += Wide{a2} * b1;
  c += Wide{a3} * b0;
  c += Wide{d4} * b4;
  const std::uint64_t r3 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{a0} * b4;
  c += Wide{a1} * b3;
  c += Wide{a2} * b2;
  c += Wide{a3} * b1;
  c += Wide{a4} * b0;
  const std::uint64_t r4 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  const std::uint64_t low = r0 + 19 * static_cast<std::uint64_t>(c);
  return {{low & kLimbMask, r1 + (low >> kLimbBits), r2, r3, r4}};
}

// multiply(x, x), products that come twice made once. Takes loose, gives tight, by the same bounds.
[[nodiscard]] constexpr Field square(const Field& x) {
  const auto [a0, a1, a2, a3, a4] = x.limb;
  const std::uint64_t twice0 = 2 * a0;
  const std::uint64_t twice1 = 2 * a1;
  const std::uint64_t d3 = 19 * a3;
  const std::uint64_t d4 = 19 * a4;
  Wide c = 0;
  c += Wide{a0} * a0;
  c += Wide{twice1} * d4;
  c += Wide{2 * a2} * d3;
  const std::uint64_t r0 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{twice0} * a1;
  c += Wide{2 * a2} * d4;
  c += Wide{a3} * d3;
  const std::uint64_t r1 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{twice0} * a2;
  c += Wide{a1} * a1;
  c += Wide{2 * a3} * d4;
  const std::uint64_t r2 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{twice0} * a3;
  c += Wide{twice1} * a2;
  c += Wide{a4} * d4;
  const std::uint64_t r3 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  c += Wide{twice0} * a4;
  c += Wide{twice1} * a3;
  c += Wide{a2} * a2;
  const std::uint64_t r4 = static_cast<std::uint64_t>(c) & kLimbMask;
  c = static_cast<std::uint64_t>(c >> kLimbBits);
  const std::uint64_t low = r0 + 19 * static_cast<std::uint64_t>(c);
  return {{low & kLimbMask, r1 + (low >> kLimbBits), r2, r3, r4}};
}

// The same number. Takes loose, gives tight: what is carried on is below 2^3, and below 19 2^3
// where it comes round.
[[nodiscard]] constexpr Field tighten(const Field& a) {
  const auto& l = a.limb;
  return {{(l[0] & kLimbMask) + 19 * (l[4] >> kLimbBits), (l[1] & kLimbMask) + (l[0] >> kLimbBits),
           (l[2] & kLimbMask) + (l[1] >> kLimbBits), (l[3] & kLimbMask) + (l[2] >> kLimbBits),
           (l[4] & kLimbMask) + (l[3] >> kLimbBits)}};
}

// -a, for a tight or a sum.
[[nodiscard]] constexpr Field negate(const Field& a) {
  return subtract(kZero, a);
}

// The one form with every limb below 2^51 and the number below p. Takes any limbs.
[[nodiscard]] Field canonical(const Field& a);

// The number's low 255 bits, little-endian, mod p: the top bit is not looked at. Tight.
[[nodiscard]] Field from_bytes(std::span<const std::uint8_t, 32> bytes);

// Little-endian and canonical. Takes any limbs.
[[nodiscard]] std::array<std::uint8_t, 32> to_bytes(const Field& a);

// Whether the numbers are equal mod p, whatever their limbs. Takes loose.
[[nodiscard]] bool equal(const Field& a, const Field& b);

// Whether the canonical form is odd: the "sign" of RFC 8032, section 5.1.2.
[[nodiscard]] bool is_odd(const Field& a);

// a^(p - 2): 1 / a, and 0 for 0. Takes loose, gives tight.
[[nodiscard]] Field invert(const Field& a);

// a^((p - 5) / 8), of which square roots are made (RFC 8032, section 5.1.3). Takes loose, gives
// tight.
[[nodiscard]] Field power_for_root(const Field& a);

// Replaces each number by its inverse, at the price of three multiplications each and one inversion
// for 64 (Montgomery's trick). Requires tight numbers, none of them zero.
void invert_all(std::span<Field> numbers);

}  // namespace keystone::detail::ed25519
