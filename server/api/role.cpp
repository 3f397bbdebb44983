// SPDX-License-Identifier: Apache-2.0
#include "api/role.hpp"

#include "keystone/base/assert.hpp"

namespace keystone::server {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::admin:
      return "admin";
    case Role::operator_:
      return "operator";
    case Role::verifier:
      return "verifier";
  }
  KEYSTONE_ASSERT(false);
}

std::optional<Role> parse_role(std::string_view word) {
  for (const Role role : {Role::admin, Role::operator_, Role::verifier}) {
    if (word == to_string(role)) {
      return role;
    }
  }
  return std::nullopt;
}

}  // namespace keystone::server
