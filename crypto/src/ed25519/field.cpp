// SPDX-License-Identifier: Apache-2.0
#include "ed25519/field.hpp"

#include "ed25519/words.hpp"

#include <algorithm>

namespace keystone::detail::ed25519 {
namespace {

constexpr std::size_t kGroup = 64;

// a^(2^count).
Field square_often(Field a, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    a = square(a);
  }
  return a;
}

// a^11 and a^(2^250 - 1), with which both exponents below begin: b(n) stands for a^(2^n - 1), and
// b(m + n) = b(m)^(2^n) b(n).
struct Powers {
  Field a11;
  Field b250;
};

Powers powers(const Field& a) {
  const Field a2 = square(a);
  const Field a9 = multiply(square_often(a2, 2), a);
  const Field a11 = multiply(a9, a2);
  const Field b5 = multiply(square(a11), a9);  // 2 * 11 + 9 = 2^5 - 1
  const Field b10 = multiply(square_often(b5, 5), b5);
  const Field b20 = multiply(square_often(b10, 10), b10);
  const Field b40 = multiply(square_often(b20, 20), b20);
  const Field b50 = multiply(square_often(b40, 10), b10);
  const Field b100 = multiply(square_often(b50, 50), b50);
  const Field b200 = multiply(square_often(b100, 100), b100);
  return {a11, multiply(square_often(b200, 50), b50)};
}

void invert_group(std::span<Field> numbers) {
  std::array<Field, kGroup> products{};  // [i]: of the numbers before i
  Field product = kOne;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    products[i] = product;
    product = multiply(product, numbers[i]);
  }
  Field inverse = invert(product);
  for (std::size_t i = numbers.size(); i-- > 0;) {
    const Field number = numbers[i];
    numbers[i] = multiply(inverse, products[i]);
    inverse = multiply(inverse, number);
  }
}

}  // namespace

Field canonical(const Field& a) {
  // After one step the carries are below 2^13, after two at most 1: the number is below 2 p.
  Field r = tighten(tighten(a));
  std::uint64_t carried = 19;  // whether the number and 19 reach 2^255
  for (const std::uint64_t limb : r.limb) {
    carried = (limb + carried) >> kLimbBits;
  }
  carried *= 19;
  for (std::uint64_t& limb : r.limb) {
    limb += carried;
    carried = limb >> kLimbBits;
    limb &= kLimbMask;
  }
  return r;
}

Field from_bytes(std::span<const std::uint8_t, 32> bytes) {
  // Limb i begins at bit 51 i.
  return {{load_word(bytes, 0) & kLimbMask, load_word(bytes, 6) >> 3U & kLimbMask,
           load_word(bytes, 12) >> 6U & kLimbMask, load_word(bytes, 19) >> 1U & kLimbMask,
           load_word(bytes, 24) >> 12U & kLimbMask}};
}

std::array<std::uint8_t, 32> to_bytes(const Field& a) {
  const auto l = canonical(a).limb;
  std::array<std::uint8_t, 32> bytes{};
  store_word(bytes, 0, l[0] | l[1] << 51U);
  store_word(bytes, 8, l[1] >> 13U | l[2] << 38U);
  store_word(bytes, 16, l[2] >> 26U | l[3] << 25U);
  store_word(bytes, 24, l[3] >> 39U | l[4] << 12U);
  return bytes;
}

bool equal(const Field& a, const Field& b) {
  return canonical(a).limb == canonical(b).limb;
}

bool is_odd(const Field& a) {
  return (canonical(a).limb[0] & 1U) != 0;
}

Field invert(const Field& a) {
  const Powers p = powers(a);
  return multiply(square_often(p.b250, 5), p.a11);  // 2^5 (2^250 - 1) + 11 = 2^255 - 21
}

Field power_for_root(const Field& a) {
  return multiply(square_often(powers(a).b250, 2), a);  // 2^2 (2^250 - 1) + 1 = 2^252 - 3
}

void invert_all(std::span<Field> numbers) {
  while (!numbers.empty()) {
    const std::size_t count = std::min(numbers.size(), kGroup);
    invert_group(numbers.first(count));
    numbers = numbers.subspan(count);
  }
}

}  // namespace keystone::detail::ed25519
