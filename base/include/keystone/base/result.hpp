// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/error.hpp"

#include <utility>

#include <tl/expected.hpp>

namespace keystone {

// A value, or the Error that says why there is none. Read the value only after testing for it.
template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

// Failure of any Result: `return fail(ErrorCode::malformed, "data_len: got 1025, want at most
// 1024")`.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message,
                                                std::string hint = {}) {
  return tl::unexpected<Error>(Error(code, std::move(message), std::move(hint)));
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace keystone

#define KEYSTONE_DETAIL_JOIN2(a, b) a##b
#define KEYSTONE_DETAIL_JOIN(a, b) KEYSTONE_DETAIL_JOIN2(a, b)
#define KEYSTONE_DETAIL_TRY(result, declaration, expression) \
  auto result = (expression);                                \
  if (!result) {                                             \
    return ::keystone::fail(std::move(result).error());      \
  }                                                          \
  declaration = *std::move(result)

// `KEYSTONE_TRY(const auto elf, ElfView::parse(source));` declares, or returns the Error.
#define KEYSTONE_TRY(declaration, expression) \
  KEYSTONE_DETAIL_TRY(KEYSTONE_DETAIL_JOIN(keystone_result_, __LINE__), declaration, expression)

// `KEYSTONE_CHECK_OK(memory.read(address, page));` goes on, or returns the Error.
#define KEYSTONE_CHECK_OK(expression)                               \
  do {                                                              \
    if (auto keystone_checked = (expression); !keystone_checked) {  \
      return ::keystone::fail(std::move(keystone_checked).error()); \
    }                                                               \
  } while (false)
