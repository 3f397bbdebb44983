// SPDX-License-Identifier: Apache-2.0
#include "library_context.hpp"

#include <openssl/crypto.h>

namespace keystone::detail {

OSSL_LIB_CTX* library_context() {
  static OSSL_LIB_CTX* const context = OSSL_LIB_CTX_new();
  return context;
}

}  // namespace keystone::detail
