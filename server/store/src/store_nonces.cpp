// SPDX-License-Identifier: Apache-2.0
// Nonces that are spent, and sessions that were closed: what is remembered until it expires.
#include "store_impl.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

const std::string kSpend =
    "INSERT INTO spent_nonces (nonce, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const std::string kUnspend = "DELETE FROM spent_nonces WHERE nonce = $1";
const std::string kForget =
    "DELETE FROM spent_nonces WHERE nonce IN (SELECT nonce FROM spent_nonces WHERE expires < $1"
    " ORDER BY expires LIMIT $2) RETURNING expires";

const std::string kClose =
    "INSERT INTO closed_sessions (id, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const std::string kCountClosed = "SELECT count(*) FROM closed_sessions WHERE id = $1";
const std::string kForgetClosed =
    "DELETE FROM closed_sessions WHERE id IN (SELECT id FROM closed_sessions WHERE expires < $1"
    " ORDER BY expires LIMIT $2)";

Result<bool> spend_one(Changes& changes, const Spend& spend) {
  // Whether it was spent before is forgotten where others that expired no earlier are.
  if (changes.state.forgotten && spend.expires <= *changes.state.forgotten) {
    return false;
  }
  KEYSTONE_TRY(const Rows rows,
               changes.run(kSpend, value_of(spend.nonce.bytes()), value_of(spend.expires)));
  return rows.affected == 1;
}

Result<std::size_t> forget(Changes& changes, Instant now) {
  const Value limit = value_of(std::uint64_t{Store::kStep});
  KEYSTONE_TRY(auto rows, changes.run(kForget, value_of(now), limit));
  const auto read = [](RowReader& row) { return row.time(); };
  KEYSTONE_TRY(const auto forgotten, read_all<Instant>("spent nonce", rows, read));
  for (const Instant expires : forgotten) {
    changes.state.forgotten = std::max(changes.state.forgotten.value_or(expires), expires);
  }
  KEYSTONE_TRY(const Rows closed, changes.run(kForgetClosed, value_of(now), limit));
  return forgotten.size() + closed.affected;
}

}  // namespace

Result<bool> spend_all(Changes& changes, const std::vector<Spend>& spends) {
  for (auto spend = spends.begin(); spend != spends.end(); ++spend) {
    KEYSTONE_TRY(const bool first, spend_one(changes, *spend));
    if (!first) {
      for (auto undone = spends.begin(); undone != spend; ++undone) {
        KEYSTONE_CHECK_OK(changes.run(kUnspend, value_of(undone->nonce.bytes())));
      }
      return false;
    }
  }
  return true;
}

Status spend_each(Changes& changes, const std::vector<Spend>& spends) {
  for (const Spend& spend : spends) {
    KEYSTONE_CHECK_OK(spend_one(changes, spend));
  }
  return {};
}

Result<bool> Store::spend(const Nonce& nonce, Instant expires) {
  return impl_->writer.ask<bool>([&](Changes& changes) {
    return spend_one(changes, Spend{nonce, expires});
  });
}

Result<bool> Store::close_session(const std::string& id, Instant expires,
                                  const std::vector<Spend>& spends, const AuditEvent& event) {
  KEYSTONE_CHECK_OK(check_text("session", id));
  KEYSTONE_CHECK_OK(check_event(event));
  return impl_->writer.ask<bool>([&](Changes& changes) -> Result<bool> {
    KEYSTONE_TRY(const Rows rows, changes.run(kClose, value_of(id), value_of(expires)));
    if (rows.affected != 1) {
      return false;
    }
    KEYSTONE_CHECK_OK(spend_each(changes, spends));
    KEYSTONE_CHECK_OK(append_event(changes, event));
    return true;
  });
}

Result<bool> Store::is_closed(const std::string& id) const {
  KEYSTONE_CHECK_OK(check_text("session", id));
  KEYSTONE_TRY(auto rows, impl_->reader.run(kCountClosed, value_of(id)));
  KEYSTONE_TRY(const std::uint64_t count, single_number("closed session", rows));
  return count != 0;
}

Result<std::size_t> Store::expire(Instant now) {
  return impl_->writer.ask<std::size_t>([&](Changes& changes) { return forget(changes, now); });
}

Result<bool> StoreReplaySet::spend(const Nonce& nonce, Instant, Instant expires) {
  return store_.spend(nonce, expires);
}

}  // namespace keystone::server
