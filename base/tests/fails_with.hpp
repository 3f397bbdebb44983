// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <keystone/testing/fails_with.hpp>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace keystone {

// As testing::fails_with(), and every message of this part is one printable line: whatever the
// input was, a terminal may show it.
template <class T>
[[nodiscard]] ::testing::AssertionResult fails_with(
    const Result<T>& result, ErrorCode code, std::initializer_list<std::string_view> facts = {}) {
  if (!result) {
    const std::string text = result.error().message + result.error().hint;
    if (std::any_of(text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7e; })) {
      return ::testing::AssertionFailure() << "a byte is not printable in: " << text;
    }
  }
  return testing::fails_with(result, code, facts);
}

}  // namespace keystone
