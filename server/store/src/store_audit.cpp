// SPDX-License-Identifier: Apache-2.0
// The audit log, and its checkpoints.
#include "store_impl.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

const std::string kInsert =
    "INSERT INTO audit (seq, time, kind, actor, body, hash) VALUES ($1, $2, $3, $4, $5, $6)";
const std::string kSelect =
    "SELECT seq, time, kind, actor, body, hash FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2";
const std::string kSelectEnds =
    "SELECT seq, hash, base_seq, base_hash FROM store_state WHERE id = 1";
const std::string kSelectHash = "SELECT hash FROM audit WHERE seq = $1";
const std::string kFirstKept =
    "SELECT coalesce(min(seq), $1) FROM (SELECT seq, time FROM audit WHERE seq <= $1"
    " ORDER BY seq LIMIT $3) AS oldest WHERE time >= $2";
const std::string kDelete = "DELETE FROM audit WHERE seq <= $1";

const std::string kInsertCheckpoint =
    "INSERT INTO checkpoints (seq, hash, time, jws) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (seq) DO UPDATE SET hash = excluded.hash, time = excluded.time,"
    " jws = excluded.jws";
const std::string kSelectCheckpoints = "SELECT seq, hash, time, jws FROM checkpoints ORDER BY seq";
// Those before the base say nothing any more; the one of the base itself vouches for it.
const std::string kDeleteCheckpoints =
    "DELETE FROM checkpoints WHERE seq IN (SELECT seq FROM checkpoints WHERE seq < $1"
    " ORDER BY seq LIMIT $2)";
const std::string kCountCheckpoint =
    "SELECT count(*) FROM checkpoints WHERE seq = $1 AND hash = $2";

struct Ends {
  AuditHead head = AuditHead::start();
  AuditHead base = AuditHead::start();
};

AuditHead read_head(RowReader& row) {
  const std::uint64_t seq = row.number();
  return AuditHead{seq, row.fixed<ChainHash>()};
}

Result<Ends> read_ends(Readers& reader) {
  KEYSTONE_TRY(auto rows, reader.run(kSelectEnds));
  const auto read = [](RowReader& row) {
    const AuditHead head = read_head(row);
    return Ends{head, read_head(row)};
  };
  KEYSTONE_TRY(const auto ends, read_one<Ends>("state", rows, read));
  if (!ends) {
    return fail(ErrorCode::malformed, "store: state: got none, want one row");
  }
  return *ends;
}

Result<AuditRecord> read_record(Row& row) {
  const auto* seq = row.empty() ? nullptr : std::get_if<std::int64_t>(&row.front());
  const std::string what = "audit record " + (seq == nullptr ? "?" : std::to_string(*seq));
  RowReader reader(what, row);
  AuditRecord record{reader.number(), {}, AuditHead::start().hash};
  record.event.time = reader.time();
  record.event.kind = reader.text();
  record.event.actor = reader.text();
  record.event.body = reader.text();
  record.hash = reader.fixed<ChainHash>();
  KEYSTONE_CHECK_OK(reader.finish());
  return record;
}

tl::unexpected<Error> not_of_this_log(const Checkpoint& checkpoint) {
  return fail(ErrorCode::usage, "checkpoint: got one of record " +
                                    std::to_string(checkpoint.head.seq) +
                                    " with another hash, want one of this log");
}

// The hash of a record that is there, or of the base.
Result<std::optional<ChainHash>> hash_of(Changes& changes, std::uint64_t seq) {
  if (seq == changes.state.base.seq) {
    return changes.state.base.hash;
  }
  KEYSTONE_TRY(auto rows, changes.run(kSelectHash, value_of(seq)));
  return read_one<ChainHash>("audit", rows, [](RowReader& row) { return row.fixed<ChainHash>(); });
}

Result<std::size_t> prune(Changes& changes, Instant before, const Checkpoint& through) {
  KEYSTONE_TRY(auto counted, changes.run(kCountCheckpoint, value_of(through.head.seq),
                                         value_of(through.head.hash.bytes())));
  KEYSTONE_TRY(const std::uint64_t known, single_number("checkpoints", counted));
  if (known == 0) {
    return not_of_this_log(through);
  }
  const std::uint64_t base = changes.state.base.seq;
  if (through.head.seq <= base) {
    return 0;
  }
  // The last that goes is the one before the first that is young enough to stay.
  const std::uint64_t most = std::min<std::uint64_t>(through.head.seq, base + Store::kStep);
  KEYSTONE_TRY(auto rows, changes.run(kFirstKept, value_of(most + 1), value_of(before),
                                      value_of(std::uint64_t{Store::kStep} + 1)));
  KEYSTONE_TRY(const std::uint64_t kept, single_number("audit", rows));
  const std::uint64_t last = std::min(kept - 1, most);
  if (last <= base) {
    return 0;
  }
  KEYSTONE_TRY(const auto hash, hash_of(changes, last));
  if (!hash) {
    return fail(ErrorCode::malformed,
                "store: audit record " + std::to_string(last) + ": got none, want one");
  }
  KEYSTONE_TRY(const Rows deleted, changes.run(kDelete, value_of(last)));
  KEYSTONE_CHECK_OK(
      changes.run(kDeleteCheckpoints, value_of(last), value_of(std::uint64_t{Store::kStep})));
  changes.state.base = AuditHead{last, *hash};
  return deleted.affected;
}

}  // namespace

Status check_event(const AuditEvent& event) {
  return check_texts(
      {{"event kind", event.kind}, {"event actor", event.actor}, {"event body", event.body}});
}

Result<AuditHead> append_event(Changes& changes, const AuditEvent& event) {
  KEYSTONE_TRY(AuditRecord record, next_record(changes.state.head, event));
  changes.state.head = AuditHead{record.seq, record.hash};
  KEYSTONE_CHECK_OK(changes.run(kInsert, value_of(record.seq), value_of(record.event.time),
                                std::move(record.event.kind), std::move(record.event.actor),
                                std::move(record.event.body), value_of(record.hash.bytes())));
  return changes.state.head;
}

Result<AuditHead> Store::audit_head() const {
  KEYSTONE_TRY(const Ends ends, read_ends(impl_->reader));
  return ends.head;
}

Result<AuditHead> Store::audit_base() const {
  KEYSTONE_TRY(const Ends ends, read_ends(impl_->reader));
  return ends.base;
}

Result<std::vector<AuditRecord>> Store::audit_records(std::uint64_t from, std::size_t limit) const {
  KEYSTONE_CHECK_OK(check_limit(limit));
  constexpr std::uint64_t kMost = INT64_MAX;
  KEYSTONE_TRY(auto rows, impl_->reader.run(kSelect, value_of(std::min(from, kMost)),
                                            value_of(std::uint64_t{limit})));
  std::vector<AuditRecord> records;
  for (Row& row : rows.rows) {
    KEYSTONE_TRY(AuditRecord record, read_record(row));
    records.push_back(std::move(record));
  }
  return records;
}

Result<AuditHead> Store::append(const AuditEvent& event) {
  KEYSTONE_CHECK_OK(check_event(event));
  return impl_->writer.ask<AuditHead>(
      [&](Changes& changes) { return append_event(changes, event); });
}

Status Store::add_checkpoint(const Checkpoint& checkpoint) {
  KEYSTONE_CHECK_OK(check_text("checkpoint jws", checkpoint.jws));
  return impl_->writer.write([&](Changes& changes) -> Status {
    if (checkpoint.head.seq > changes.state.head.seq) {
      return not_of_this_log(checkpoint);
    }
    KEYSTONE_TRY(const auto hash, hash_of(changes, checkpoint.head.seq));
    if (hash != checkpoint.head.hash) {
      return not_of_this_log(checkpoint);
    }
    KEYSTONE_CHECK_OK(changes.run(kInsertCheckpoint, value_of(checkpoint.head.seq),
                                  value_of(checkpoint.head.hash.bytes()), value_of(checkpoint.time),
                                  value_of(checkpoint.jws)));
    return {};
  });
}

Result<std::vector<Checkpoint>> Store::checkpoints() const {
  KEYSTONE_TRY(auto rows, impl_->reader.run(kSelectCheckpoints));
  return read_all<Checkpoint>("checkpoint", rows, [](RowReader& row) {
    Checkpoint checkpoint{read_head(row), {}, {}};
    checkpoint.time = row.time();
    checkpoint.jws = row.text();
    return checkpoint;
  });
}

Result<std::size_t> Store::prune_audit(Instant before, const Checkpoint& through) {
  return impl_->writer.ask<std::size_t>(
      [&](Changes& changes) { return prune(changes, before, through); });
}

}  // namespace keystone::server
