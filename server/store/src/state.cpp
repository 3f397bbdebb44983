// SPDX-License-Identifier: Apache-2.0
#include "changes.hpp"
#include "rows.hpp"

namespace keystone::server {
namespace {

const std::string kSelect =
    "SELECT seq, hash, base_seq, base_hash, revision, forgotten FROM store_state WHERE id = 1";
// SQLite has locked the whole file when a transaction that writes begins.
const std::string kSelectAndLock = kSelect + " FOR UPDATE";
const std::string kUpdate =
    "UPDATE store_state SET seq = $1, hash = $2, base_seq = $3, base_hash = $4, revision = $5,"
    " forgotten = $6 WHERE id = 1";
const std::string kInsert =
    "INSERT INTO store_state (id, seq, hash, base_seq, base_hash, revision, forgotten)"
    " VALUES (1, $1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

std::array<Value, 6> values_of(const StoreState& state) {
  return {value_of(state.head.seq), value_of(state.head.hash.bytes()),
          value_of(state.base.seq), value_of(state.base.hash.bytes()),
          value_of(state.revision), value_of(state.forgotten)};
}

}  // namespace

Result<StoreState> lock_state(Database& database) {
  const bool sqlite = database.dialect() == Database::Dialect::sqlite;
  KEYSTONE_TRY(auto rows, database.run(sqlite ? kSelect : kSelectAndLock, {}));
  if (rows.rows.size() != 1) {
    return fail(ErrorCode::malformed, "store: state: got none, want one row");
  }
  RowReader row("state", rows.rows[0]);
  StoreState state{AuditHead::start(), AuditHead::start(), 0, {}};
  for (AuditHead* head : {&state.head, &state.base}) {
    head->seq = row.number();
    head->hash = row.fixed<ChainHash>();
  }
  state.revision = row.number();
  state.forgotten = row.time_or_none();
  KEYSTONE_CHECK_OK(row.finish());
  return state;
}

Status save_state(Database& database, const StoreState& state) {
  KEYSTONE_CHECK_OK(database.run(kUpdate, values_of(state)));
  return {};
}

Status create_state(Database& database) {
  const StoreState empty{AuditHead::start(), AuditHead::start(), 0, {}};
  KEYSTONE_CHECK_OK(database.run(kInsert, values_of(empty)));
  return {};
}

Status check_limit(std::size_t limit) {
  if (limit < 1 || limit > 1000) {
    return fail(ErrorCode::usage, "limit: got " + std::to_string(limit) + ", want 1 to 1000");
  }
  return {};
}

}  // namespace keystone::server
