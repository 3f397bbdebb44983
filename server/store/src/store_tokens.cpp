// SPDX-License-Identifier: Apache-2.0
// Bearer tokens, by their hashes.
#include "store_impl.hpp"

namespace keystone::server {
namespace {

const std::string kInsert =
    "INSERT INTO tokens (id, hash, role, label, created, expires, revoked)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
const std::string kSelect = "SELECT id, hash, role, label, created, expires, revoked FROM tokens";
const std::string kList = kSelect + " ORDER BY id";
const std::string kFind = kSelect + " WHERE hash = $1";
const std::string kRevoke = "UPDATE tokens SET revoked = $2 WHERE id = $1 AND revoked IS NULL";

TokenRecord read_token(RowReader& row) {
  std::string id = row.text();
  TokenRecord token{std::move(id), row.fixed<TokenHash>(), {}, {}, {}, {}, {}};
  token.role = row.text();
  token.label = row.text();
  token.created = row.time();
  token.expires = row.time_or_none();
  token.revoked = row.time_or_none();
  return token;
}

}  // namespace

Status Store::add_token(const TokenRecord& token, const AuditEvent& event) {
  KEYSTONE_CHECK_OK(check_event(event));
  KEYSTONE_CHECK_OK(check_texts(
      {{"token id", token.id}, {"token role", token.role}, {"token label", token.label}}));
  return impl_->writer.write([&](Changes& changes) -> Status {
    KEYSTONE_TRY(const Rows rows,
                 changes.run(kInsert, value_of(token.id), value_of(token.hash.bytes()),
                             value_of(token.role), value_of(token.label), value_of(token.created),
                             value_of(token.expires), value_of(token.revoked)));
    if (rows.affected != 1) {
      return fail(ErrorCode::usage, "token: got one that is there already, want a new one");
    }
    KEYSTONE_CHECK_OK(append_event(changes, event));
    return {};
  });
}

Result<std::vector<TokenRecord>> Store::tokens() const {
  KEYSTONE_TRY(auto rows, impl_->reader.run(kList));
  return read_all<TokenRecord>("token", rows, read_token);
}

Result<bool> Store::revoke_token(const std::string& id, Instant now, const AuditEvent& event) {
  KEYSTONE_CHECK_OK(check_text("token id", id));
  KEYSTONE_CHECK_OK(check_event(event));
  return impl_->writer.ask<bool>([&](Changes& changes) -> Result<bool> {
    KEYSTONE_TRY(const Rows rows, changes.run(kRevoke, value_of(id), value_of(now)));
    if (rows.affected != 1) {
      return false;
    }
    KEYSTONE_CHECK_OK(append_event(changes, event));
    return true;
  });
}

Result<std::optional<TokenRecord>> Store::find_token(const TokenHash& hash) const {
  KEYSTONE_TRY(auto rows, impl_->reader.run(kFind, value_of(hash.bytes())));
  return read_one<TokenRecord>("token", rows, read_token);
}

}  // namespace keystone::server
