// SPDX-License-Identifier: Apache-2.0
#include "api/core.hpp"

#include <array>

namespace keystone::server {

std::string Core::random_id() const {
  std::array<std::uint8_t, 16> bytes{};
  parts.random(bytes);
  return hex::encode(bytes);
}

}  // namespace keystone::server
