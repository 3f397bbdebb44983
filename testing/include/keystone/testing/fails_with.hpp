// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace keystone::testing {

// Whether `result` has a value, and the Error if not.
template <class T>
[[nodiscard]] ::testing::AssertionResult succeeds(const Result<T>& result) {
  if (!result.has_value()) {
    return ::testing::AssertionFailure() << result.error().message;
  }
  return ::testing::AssertionSuccess();
}

// Whether `result` is an error of `code` whose message states each of `facts`: nearly all errors of
// a reader have the code `malformed`, and each test means one of them.
template <class T>
[[nodiscard]] ::testing::AssertionResult fails_with(
    const Result<T>& result, ErrorCode code, std::initializer_list<std::string_view> facts = {}) {
  if (result.has_value()) {
    return ::testing::AssertionFailure() << "there is no error, want " << to_string(code);
  }
  const Error& error = result.error();
  if (error.code != code) {
    return ::testing::AssertionFailure() << to_string(error.code) << ": " << error.message;
  }
  for (const std::string_view fact : facts) {
    if (error.message.find(fact) == std::string::npos) {
      return ::testing::AssertionFailure() << "no '" << fact << "' in: " << error.message;
    }
  }
  return ::testing::AssertionSuccess();
}

template <class T>
[[nodiscard]] ::testing::AssertionResult fails_with(const Result<T>& result, ErrorCode code,
                                                    std::string_view fact) {
  return fails_with(result, code, {fact});
}

}  // namespace keystone::testing
