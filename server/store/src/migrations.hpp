// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

namespace keystone::server {

// The steps from a database without anything to the schema of this version: step 1 first. A step
// that was ever released is not changed any more. In their text, %NUMBER%, %TEXT% (compared byte by
// byte), %BYTES% and %KEYED% (after a table that is looked up by its key) stand for each backend's
// own words.
struct Migration {
  std::vector<std::string> statements;
};
[[nodiscard]] const std::vector<Migration>& migrations();

// Takes those of `steps` that the database has not seen, in one transaction: all or none. Several
// may do so at once. `malformed` for a database that has seen more than there are.
[[nodiscard]] Status migrate(Database& database, const std::vector<Migration>& steps);

// Only looks: `malformed`, with a hint, unless the database has seen just these `steps`.
[[nodiscard]] Status check_version(Database& database, const std::vector<Migration>& steps);

}  // namespace keystone::server
