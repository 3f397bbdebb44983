// SPDX-License-Identifier: Apache-2.0
// Errors and exceptions on their way to C, whether the verifier has such today or not.
#include "boundary.hpp"

#include "support.hpp"

#include <new>
#include <stdexcept>

namespace keystone::c_api {
namespace {

using testing::fails;
using testing::succeeds;

// A call that comes to nothing but this error.
auto failing_with(ErrorCode code) {
  return [code](keystone_error** error) {
    return run(error, [code]() -> Status { return fail(code, "field: got x", "try y"); });
  };
}

TEST(CBoundary, GivesEachErrorItsStatus) {
  EXPECT_TRUE(fails(failing_with(ErrorCode::usage), KEYSTONE_ERROR_USAGE, "field: got x"));
  EXPECT_TRUE(fails(failing_with(ErrorCode::malformed), KEYSTONE_ERROR_MALFORMED, "field"));
  EXPECT_TRUE(fails(failing_with(ErrorCode::limit_exceeded), KEYSTONE_ERROR_LIMIT_EXCEEDED, "got"));
}

TEST(CBoundary, CallsInternalWhatNoVerifierCanMeet) {
  for (const ErrorCode code : {ErrorCode::internal, ErrorCode::unreadable, ErrorCode::unwritable,
                               ErrorCode::unreachable}) {
    EXPECT_TRUE(fails(failing_with(code), KEYSTONE_ERROR_INTERNAL, "field: got x"));
  }
}

TEST(CBoundary, KeepsTheHint) {
  keystone_error* error = nullptr;
  EXPECT_EQ(failing_with(ErrorCode::usage)(&error), KEYSTONE_ERROR_USAGE);
  EXPECT_STREQ(keystone_error_hint(error), "try y");
  keystone_error_free(error);
}

TEST(CBoundary, LetsNoExceptionThrough) {
  const auto throwing = [](const auto& exception) {
    return [&exception](keystone_error** error) {
      return run(error, [&]() -> Status { throw exception; });
    };
  };
  EXPECT_TRUE(fails(throwing(std::bad_alloc()), KEYSTONE_ERROR_INTERNAL, "out of memory"));
  EXPECT_TRUE(fails(throwing(std::length_error("x")), KEYSTONE_ERROR_INTERNAL, "an exception"));
  EXPECT_TRUE(fails(throwing(1), KEYSTONE_ERROR_INTERNAL, "an exception"));
}

// One error stands for all of its kind, so freeing one leaves the others as they are.
TEST(CBoundary, SurvivesThatErrorsWithoutMemoryAreFreed) {
  const auto no_memory = [](keystone_error** error) {
    return run(error, []() -> Status { throw std::bad_alloc(); });
  };
  keystone_error* first = nullptr;
  keystone_error* second = nullptr;
  EXPECT_EQ(no_memory(&first), KEYSTONE_ERROR_INTERNAL);
  EXPECT_EQ(no_memory(&second), KEYSTONE_ERROR_INTERNAL);
  keystone_error_free(first);
  EXPECT_STREQ(keystone_error_message(second), "out of memory");
  keystone_error_free(second);
}

TEST(CBoundary, ClearsAStaleErrorOnSuccess) {
  EXPECT_TRUE(
      succeeds([](keystone_error** error) { return run(error, []() { return Status(); }); }));
}

TEST(CBoundary, OfNoErrorThereIsNothingToSay) {
  EXPECT_EQ(keystone_error_status(nullptr), KEYSTONE_OK);
  EXPECT_STREQ(keystone_error_message(nullptr), "");
  EXPECT_STREQ(keystone_error_hint(nullptr), "");
  keystone_error_free(nullptr);
}

}  // namespace
}  // namespace keystone::c_api
