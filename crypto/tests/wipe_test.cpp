// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/wipe.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace keystone {
namespace {

TEST(Wipe, ZeroesEveryByte) {
  for (const std::size_t size : {1U, 31U, 32U, 64U, 4097U}) {
    std::vector<std::uint8_t> secret(size, 0xa5);
    wipe(secret);
    EXPECT_EQ(secret, std::vector<std::uint8_t>(size)) << size;
  }
}

TEST(Wipe, TouchesNothingOutside) {
  std::vector<std::uint8_t> bytes(96, 0xa5);
  wipe(std::span(bytes).subspan(32, 32));
  const auto begin = bytes.begin();
  const auto is_kept = [](std::uint8_t byte) { return byte == 0xa5; };
  const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
  EXPECT_TRUE(std::all_of(begin, begin + 32, is_kept));
  EXPECT_TRUE(std::all_of(begin + 32, begin + 64, is_zero));
  EXPECT_TRUE(std::all_of(begin + 64, bytes.end(), is_kept));
}

TEST(Wipe, TakesNoBytes) {
  wipe({});
}

}  // namespace
}  // namespace keystone
