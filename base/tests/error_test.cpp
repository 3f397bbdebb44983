// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/error.hpp"

#include "keystone/base/result.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace keystone {
namespace {

TEST(ErrorCode, IsItsEnumeratorAsAWord) {
  EXPECT_EQ(to_string(ErrorCode::usage), "usage");
  EXPECT_EQ(to_string(ErrorCode::malformed), "malformed");
  EXPECT_EQ(to_string(ErrorCode::unreadable), "unreadable");
  EXPECT_EQ(to_string(ErrorCode::limit_exceeded), "limit_exceeded");
  EXPECT_EQ(to_string(ErrorCode::unwritable), "unwritable");
  EXPECT_EQ(to_string(ErrorCode::internal), "internal");
  EXPECT_EQ(to_string(ErrorCode::unreachable), "unreachable");
}

TEST(ErrorCodeDeathTest, HasNoWordForAnythingElse) {
  EXPECT_DEATH((void)to_string(static_cast<ErrorCode>(99)), "bug:");
}

TEST(Error, GainsContextAndKeepsTheRest) {
  const Error inner(ErrorCode::limit_exceeded, "size: got 9, want at most 8", "use less");
  const Error outer = inner.within("report.bin");
  EXPECT_EQ(outer.code, ErrorCode::limit_exceeded);
  EXPECT_EQ(outer.message, "report.bin: size: got 9, want at most 8");
  EXPECT_EQ(outer.hint, "use less");
}

Result<int> half(int number) {
  if (number % 2 != 0) {
    return fail(ErrorCode::malformed, "odd", "double it");
  }
  return number / 2;
}

Result<int> quarter(int number) {
  KEYSTONE_TRY(const int once, half(number));
  KEYSTONE_CHECK_OK(half(once));
  return once / 2;
}

TEST(Try, GoesOnWithTheValue) {
  EXPECT_EQ(quarter(8), 2);
}

TEST(Try, ReturnsTheWholeError) {
  const auto odd = quarter(3);
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().code, ErrorCode::malformed);
  EXPECT_EQ(odd.error().hint, "double it");
}

TEST(CheckOk, ReturnsTheError) {
  EXPECT_FALSE(quarter(6));
}

Result<int> pointee(Result<std::unique_ptr<int>> pointer) {
  KEYSTONE_TRY(const auto owned, std::move(pointer));
  return *owned;
}

TEST(Try, TakesValuesThatOnlyMove) {
  EXPECT_EQ(pointee(std::make_unique<int>(7)), 7);
}

}  // namespace
}  // namespace keystone
