// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

namespace keystone::server {

// The parameters of a statement in PostgreSQL's text form, wiped when they go away: keys may be
// among them.
class PostgresParameters {
 public:
  explicit PostgresParameters(std::span<const Value> values);
  ~PostgresParameters();
  PostgresParameters(const PostgresParameters&) = delete;
  PostgresParameters& operator=(const PostgresParameters&) = delete;

  // Null for NULL; as long as this object lives.
  [[nodiscard]] const std::vector<const char*>& pointers() const { return pointers_; }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
};

}  // namespace keystone::server
