// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/shared_bytes.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes copy_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(SharedBytes, AreACopyOfAView) {
  Bytes bytes = {1, 2, 3};
  const SharedBytes shared{ByteView(bytes)};
  bytes[0] = 9;
  EXPECT_EQ(copy_of(shared.view()), (Bytes{1, 2, 3}));
}

TEST(SharedBytes, TakeAVectorWithoutACopy) {
  Bytes bytes = {1, 2, 3};
  const auto* const where = bytes.data();
  EXPECT_EQ(SharedBytes(std::move(bytes)).view().data(), where);
}

TEST(SharedBytes, MayBeNone) {
  EXPECT_TRUE(SharedBytes(Bytes{}).view().empty());
}

TEST(SharedBytes, AreSharedByCopiesForAsLongAsThereIsOne) {
  std::optional<SharedBytes> first(Bytes{1, 2, 3});
  const SharedBytes second = *first;
  EXPECT_EQ(second.view().data(), first->view().data());
  first.reset();
  EXPECT_EQ(copy_of(second.view()), (Bytes{1, 2, 3}));
}

TEST(SharedBytes, AreStillThereWhenTheyWereMoved) {
  SharedBytes first(Bytes{1, 2, 3});
  const SharedBytes second = std::move(first);
  EXPECT_EQ(copy_of(first.view()), copy_of(second.view()));
}

}  // namespace
}  // namespace keystone
