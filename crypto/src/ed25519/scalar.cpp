// SPDX-License-Identifier: Apache-2.0
#include "ed25519/scalar.hpp"

#include "ed25519/field.hpp"
#include "ed25519/words.hpp"
#include "keystone/base/assert.hpp"

#include <algorithm>
#include <cstddef>

namespace keystone::detail::ed25519 {
namespace {

template <std::size_t N>
using Words = std::array<std::uint64_t, N>;

// L - 2^252, and L.
constexpr Words<2> kTail = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6};
constexpr Words<4> kOrder = {kTail[0], kTail[1], 0, std::uint64_t{1} << 60U};

// What number = high 2^252 + low gives.
template <std::size_t N>
struct Parts {
  Words<4> low;
  Words<N - 3> high;
};

template <std::size_t N>
Parts<N> split(const Words<N>& number) {
  constexpr std::uint64_t kLowMask = (std::uint64_t{1} << 60U) - 1;
  Parts<N> parts{};
  std::copy_n(number.begin(), 4, parts.low.begin());
  parts.low[3] &= kLowMask;
  for (std::size_t i = 3; i < N; ++i) {
    const std::uint64_t above = i + 1 < N ? number[i + 1] << 4U : 0;
    parts.high[i - 3] = number[i] >> 60U | above;
  }
  return parts;
}

// number (L - 2^252).
template <std::size_t N>
Words<N + 2> times_tail(const Words<N>& number) {
  Words<N + 2> product{};
  for (std::size_t i = 0; i < kTail.size(); ++i) {
    std::uint64_t carried = 0;
    for (std::size_t j = 0; j < N; ++j) {
      const Wide sum = Wide{number[j]} * kTail[i] + product[i + j] + carried;
      product[i + j] = static_cast<std::uint64_t>(sum);
      carried = static_cast<std::uint64_t>(sum >> 64U);
    }
    product[i + N] = carried;
  }
  return product;
}

// a + b. Requires that it is below 2^256.
Words<4> add(const Words<4>& a, const Words<4>& b) {
  Words<4> sum{};
  Wide carried = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    carried += Wide{a[i]} + b[i];
    sum[i] = static_cast<std::uint64_t>(carried);
    carried >>= 64U;
  }
  return sum;
}

bool is_below(const Words<4>& a, const Words<4>& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

// a - b. Requires that b is not above a.
Words<4> subtract(const Words<4>& a, const Words<4>& b) {
  Words<4> difference{};
  std::uint64_t borrowed = 0;
  for (std::size_t i = 0; i < difference.size(); ++i) {
    const Wide left = Wide{a[i]} - b[i] - borrowed;
    difference[i] = static_cast<std::uint64_t>(left);
    borrowed = static_cast<std::uint64_t>(left >> 64U) & 1U;
  }
  return difference;
}

template <std::size_t N>
Words<N> to_words(std::span<const std::uint8_t, N * 8> bytes) {
  Words<N> words{};
  for (std::size_t i = 0; i < N; ++i) {
    words[i] = load_word(bytes, 8 * i);
  }
  return words;
}

// `count` bits from bit `from`, zeros above the number; `count` at most 8.
unsigned bits_at(const Words<4>& words, unsigned from, unsigned count) {
  const unsigned word = from / 64;
  const unsigned shift = from % 64;
  std::uint64_t bits = word < 4 ? words[word] >> shift : 0;
  if (shift > 56 && word < 3) {
    bits |= words[word + 1] << (64 - shift);
  }
  return static_cast<unsigned>(bits) & ((1U << count) - 1);
}

}  // namespace

bool is_reduced(std::span<const std::uint8_t, 32> number) {
  return is_below(to_words<4>(number), kOrder);
}

// With c = L - 2^252, 2^252 = -c mod L: high 2^252 + low = low - c high. Three times that, on
// numbers of 512, 385 and 258 bits, and the number is (low + low2) - (low1 + low3), each part below
// 2^252 (low3 far below): with 2 L in front, between 0 and 4 L.
Scalar reduce(std::span<const std::uint8_t, 64> number) {
  const auto first = split(to_words<8>(number));
  const auto second = split(times_tail(first.high));  // c high < 2^(125 + 260)
  const auto third = split(times_tail(second.high));  // < 2^(125 + 133)
  const auto fourth = times_tail(third.high);         // < 2^(125 + 6)
  const Words<4> last = {fourth[0], fourth[1], fourth[2], fourth[3]};
  const Words<4> plus = add(add(first.low, third.low), add(kOrder, kOrder));
  Words<4> rest = subtract(plus, add(second.low, last));
  while (!is_below(rest, kOrder)) {
    rest = subtract(rest, kOrder);
  }
  Scalar reduced{};
  for (std::size_t i = 0; i < rest.size(); ++i) {
    store_word(reduced, 8 * i, rest[i]);
  }
  return reduced;
}

std::array<std::int16_t, kMaxWindows> signed_windows(const Scalar& scalar, unsigned width) {
  KEYSTONE_ASSERT(width >= kMinWindow && width <= kMaxWindow);
  const auto words = to_words<4>(scalar);
  const int half = 1 << (width - 1);
  std::array<std::int16_t, kMaxWindows> digits{};
  int carried = 0;
  for (unsigned i = 0; i < window_count(width); ++i) {
    const int digit = static_cast<int>(bits_at(words, i * width, width)) + carried;
    carried = digit > half ? 1 : 0;
    digits[i] = static_cast<std::int16_t>(digit - carried * 2 * half);
  }
  KEYSTONE_ASSERT(carried == 0);
  return digits;
}

std::array<std::int8_t, 256> non_adjacent_form(const Scalar& scalar, unsigned width) {
  const auto words = to_words<4>(scalar);
  const unsigned half = 1U << (width - 1);
  std::array<std::int8_t, 256> digits{};
  unsigned carried = 0;
  unsigned i = 0;
  while (i < digits.size()) {
    const unsigned digit = bits_at(words, i, width) + carried;
    if (digit % 2 == 0) {
      ++i;
      continue;
    }
    carried = digit > half ? 1 : 0;
    digits[i] =
        static_cast<std::int8_t>(static_cast<int>(digit) - static_cast<int>(carried * 2 * half));
    i += width;
  }
  return digits;
}

}  // namespace keystone::detail::ed25519
