// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

namespace keystone::detail {

// OpenSSL's library context for all of this project: no configuration file and no environment
// variable reaches it. Made once, kept for the life of the process; null if there is no memory.
[[nodiscard]] OSSL_LIB_CTX* library_context();

}  // namespace keystone::detail
