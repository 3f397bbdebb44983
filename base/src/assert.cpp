// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace keystone::detail {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: bug: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace keystone::detail
