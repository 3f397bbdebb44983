// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/error.hpp"

namespace keystone::server {

// The exception that is being handled, as an Error of the store. To be called while one is.
[[nodiscard]] Error postgres_error();

}  // namespace keystone::server
