// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace keystone::server {

// What a caller may do. An admin may everything; the other two do not contain each other.
enum class Role : std::uint8_t {
  admin,
  operator_,  // policies, devices, reference values, results, metrics
  verifier,   // sessions, verify, batch
};

// The role's word in tokens and configuration: admin, operator, verifier.
[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view word);

// Whether a caller of the role `has` may do what is for `needed`.
[[nodiscard]] constexpr bool includes(Role has, Role needed) {
  return has == Role::admin || has == needed;
}

}  // namespace keystone::server
