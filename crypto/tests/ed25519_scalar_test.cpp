// SPDX-License-Identifier: Apache-2.0
// Numbers mod L and their digits against big integers.
#include "ed25519/scalar.hpp"
#include "integers.hpp"

#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::detail::ed25519;
using namespace keystone::testing;

// Numbers below `end`: multiples of L and powers of two with their neighbours, and random ones.
std::vector<Integer> numbers_below(const Integer& end) {
  std::vector<Integer> numbers;
  const auto add_neighbours = [&](const Integer& number) {
    for (int i = -2; i <= 2; ++i) {
      if (number + i >= 0 && number + i < end) {
        numbers.push_back(number + i);
      }
    }
  };
  for (unsigned bit = 0; bit <= 512; ++bit) {
    add_neighbours(Integer::Power2(bit));
    add_neighbours(group_order() * Integer::Power2(bit) / 2);
  }
  for (int i = 0; i < 20; ++i) {
    add_neighbours(group_order() * i);
  }
  add_neighbours(end);
  std::mt19937_64 random(4);
  for (int i = 0; i < 500; ++i) {
    numbers.push_back(from_little_endian(random_bytes<64>(random)) % end);
  }
  return numbers;
}

TEST(Ed25519Scalar, IsReducedBelowTheGroupOrder) {
  for (const Integer& number : numbers_below(Integer::Power2(256))) {
    EXPECT_EQ(is_reduced(to_little_endian<32>(number)), number < group_order());
  }
}

TEST(Ed25519Scalar, ReducesEveryNumberOf64Bytes) {
  for (const Integer& number : numbers_below(Integer::Power2(512))) {
    EXPECT_EQ(from_little_endian(reduce(to_little_endian<64>(number))), number % group_order());
  }
}

TEST(Ed25519Scalar, IsTheSumOfItsWindows) {
  for (const Integer& number : numbers_below(group_order())) {
    for (unsigned width = kMinWindow; width <= kMaxWindow; ++width) {
      const auto digits = signed_windows(to_little_endian<32>(number), width);
      Integer sum;
      for (std::size_t i = digits.size(); i-- > 0;) {
        EXPECT_TRUE(i < window_count(width) || digits[i] == 0);
        EXPECT_LE(std::abs(digits[i]), 1 << (width - 1));
        sum = (sum << width) + Integer(static_cast<signed long>(digits[i]));
      }
      EXPECT_EQ(sum, number);
    }
  }
}

TEST(Ed25519Scalar, IsTheSumOfItsNonAdjacentForm) {
  for (const Integer& number : numbers_below(group_order())) {
    for (const unsigned width : {2U, 4U, 5U, 7U}) {
      const auto digits = non_adjacent_form(to_little_endian<32>(number), width);
      Integer sum;
      std::size_t last = digits.size();
      for (std::size_t i = digits.size(); i-- > 0;) {
        sum = 2 * sum + Integer(static_cast<signed long>(digits[i]));
        if (digits[i] != 0) {
          EXPECT_EQ(std::abs(digits[i]) % 2, 1);
          EXPECT_LT(std::abs(digits[i]), 1 << (width - 1));
          EXPECT_TRUE(last == digits.size() || last - i >= width);
          EXPECT_LT(i, 254U);
          last = i;
        }
      }
      EXPECT_EQ(sum, number);
    }
  }
}

TEST(Ed25519Scalar, RefusesWidthsThatNoTableHas) {
  EXPECT_DEATH((void)signed_windows(Scalar{}, 3), "bug:");
  EXPECT_DEATH((void)signed_windows(Scalar{}, 9), "bug:");
}

}  // namespace
}  // namespace keystone
