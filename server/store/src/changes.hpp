// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

#include <array>
#include <optional>
#include <vector>

namespace keystone::server {

// The one row that every transaction that writes locks first, so that all nodes write one after
// another.
struct StoreState {
  AuditHead head;
  AuditHead base;
  std::uint64_t revision;
  std::optional<Instant> forgotten;

  friend bool operator==(const StoreState&, const StoreState&) = default;
};

// A transaction that writes. Its state goes to the database at its end.
struct Changes {
  Database& database;
  StoreState state;

  template <class... Values>
  [[nodiscard]] Result<Rows> run(const std::string& sql, Values&&... values) {
    return database.run(sql, std::array<Value, sizeof...(values)>{std::forward<Values>(values)...});
  }
};

// Waits for the lock. `malformed` where there is no such row.
[[nodiscard]] Result<StoreState> lock_state(Database& database);
[[nodiscard]] Status save_state(Database& database, const StoreState& state);
// Of a new database; one that has a state keeps it.
[[nodiscard]] Status create_state(Database& database);

// Writes the next record of the audit log.
[[nodiscard]] Result<AuditHead> append_event(Changes& changes, const AuditEvent& event);

// Spends all of the nonces, or none of them: false if one was spent before.
[[nodiscard]] Result<bool> spend_all(Changes& changes, const std::vector<Spend>& spends);
// Spends those that can be.
[[nodiscard]] Status spend_each(Changes& changes, const std::vector<Spend>& spends);

[[nodiscard]] Status check_event(const AuditEvent& event);

// `usage` unless it is 1 to 1000.
[[nodiscard]] Status check_limit(std::size_t limit);

}  // namespace keystone::server
