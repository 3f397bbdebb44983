// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

namespace pqxx {
class result;
}

namespace keystone::server {

// What a statement answered, of the types that the store keeps.
[[nodiscard]] Rows rows_of(const pqxx::result& result);

}  // namespace keystone::server
