// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace keystone::detail {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}  // namespace keystone::detail

// A bug here, not bad input: aborts in every build.
#define KEYSTONE_ASSERT(condition) \
  (static_cast<bool>(condition)    \
       ? static_cast<void>(0)      \
       : ::keystone::detail::assertion_failed(#condition, __FILE__, __LINE__))
