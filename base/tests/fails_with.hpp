// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <keystone/base/result.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace keystone {

// Whether `result` is an error of `code` whose message states each of `facts`. Every message is one
// printable line: whatever the input was, a terminal may show it.
template <class T>
::testing::AssertionResult fails_with(const Result<T>& result, ErrorCode code,
                                      std::initializer_list<std::string_view> facts = {}) {
  if (result) {
    return ::testing::AssertionFailure() << "there is no error";
  }
  const Error& error = result.error();
  if (error.code != code) {
    return ::testing::AssertionFailure() << to_string(error.code) << ": " << error.message;
  }
  for (const char c : error.message + error.hint) {
    if (c < 0x20 || c > 0x7e) {
      return ::testing::AssertionFailure() << "a byte is not printable in: " << error.message;
    }
  }
  for (const std::string_view fact : facts) {
    if (error.message.find(fact) == std::string::npos) {
      return ::testing::AssertionFailure() << "no '" << fact << "' in: " << error.message;
    }
  }
  return ::testing::AssertionSuccess();
}

}  // namespace keystone
