// SPDX-License-Identifier: Apache-2.0
// Verdicts that became known.
#include "keystone/base/arithmetic.hpp"
#include "store_impl.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

const std::string kColumns =
    "number, id, time, accepted, device, sm, enclave, policy, policy_revision, ear, verdict,"
    " report";
const std::string kInsert = "INSERT INTO results (" + kColumns +
                            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const std::string kFind = "SELECT " + kColumns + " FROM results WHERE id = $1";
const std::string kSearch = "SELECT " + kColumns + " FROM results";
const std::string kNewestFirst = " ORDER BY time DESC, number DESC LIMIT ";
const std::string kPrune =
    "DELETE FROM results WHERE number IN (SELECT number FROM results WHERE time < $1"
    " ORDER BY time, number LIMIT $2)";

StoredResult read_result(RowReader& row) {
  StoredResult stored{row.number(), {}};
  NewResult& result = stored.result;
  result.id = row.text();
  result.time = row.time();
  result.accepted = row.flag();
  result.device = row.text();
  result.sm = row.text();
  result.enclave = row.text();
  result.policy = row.text();
  result.policy_revision = row.number();
  result.ear = row.text();
  result.verdict = row.text();
  result.report = row.bytes();
  return stored;
}

Status check(const Settlement& settlement) {
  const NewResult& result = settlement.result;
  KEYSTONE_CHECK_OK(check_event(settlement.event));
  return check_texts({{"result id", result.id},
                      {"result device", result.device},
                      {"result sm", result.sm},
                      {"result enclave", result.enclave},
                      {"result policy", result.policy},
                      {"result ear", result.ear},
                      {"result verdict", result.verdict}});
}

Result<Settled> settle_one(Changes& changes, const Settlement& settlement) {
  if (settlement.revision.value_or(changes.state.revision) != changes.state.revision) {
    return Settled::outdated;
  }
  KEYSTONE_TRY(const bool first, spend_all(changes, settlement.spends));
  if (!first) {
    return Settled::spent_before;
  }
  KEYSTONE_TRY(const AuditHead head, append_event(changes, settlement.event));
  const NewResult& result = settlement.result;
  KEYSTONE_CHECK_OK(
      changes.run(kInsert, value_of(head.seq), value_of(result.id), value_of(result.time),
                  value_of(std::uint64_t{result.accepted ? 1U : 0U}), value_of(result.device),
                  value_of(result.sm), value_of(result.enclave), value_of(result.policy),
                  value_of(result.policy_revision), value_of(result.ear), value_of(result.verdict),
                  value_of(ByteView(result.report))));
  return Settled::recorded;
}

Result<std::vector<Settled>> settle_all(Changes& changes,
                                        std::span<const Settlement* const> settlements) {
  std::vector<Settled> settled;
  settled.reserve(settlements.size());
  for (const Settlement* const settlement : settlements) {
    KEYSTONE_TRY(const Settled one, settle_one(changes, *settlement));
    settled.push_back(one);
  }
  return settled;
}

// The SELECT of a search. What the query says is in `values` alone.
class Search {
 public:
  explicit Search(const ResultQuery& query) {
    add_if(query.device, "device = ");
    add_if(query.enclave, "enclave = ");
    if (query.accepted) {
      add("accepted = ", value_of(std::uint64_t{*query.accepted ? 1U : 0U}));
    }
    add_if(query.from, "time >= ");
    add_if(query.until, "time <= ");
    if (query.after) {
      add("(time, number) < (", value_of(query.after->time));
      sql_ += ", " + parameter(value_of(query.after->number)) + ")";
    }
    // One more than is wanted says whether there is another page.
    sql_ += kNewestFirst + parameter(value_of(std::uint64_t{query.limit} + 1));
  }

  [[nodiscard]] const std::string& sql() const { return sql_; }
  [[nodiscard]] const std::vector<Value>& values() const { return values_; }

 private:
  template <class T>
  void add_if(const std::optional<T>& wanted, const char* condition) {
    if (wanted) {
      add(condition, value_of(*wanted));
    }
  }
  void add(const char* condition, Value value) {
    sql_ += (values_.empty() ? " WHERE " : " AND ");
    sql_ += condition + parameter(std::move(value));
  }
  std::string parameter(Value value) {
    values_.push_back(std::move(value));
    return '$' + std::to_string(values_.size());
  }

  std::string sql_ = kSearch;
  std::vector<Value> values_;
};

}  // namespace

Result<std::vector<Settled>> Store::settle(std::span<const Settlement* const> settlements) {
  for (const Settlement* const settlement : settlements) {
    KEYSTONE_CHECK_OK(check(*settlement));
  }
  auto settled = impl_->writer.ask<std::vector<Settled>>(
      [&](Changes& changes) { return settle_all(changes, settlements); });
  if (settled) {
    const auto recorded = std::count(settled->begin(), settled->end(), Settled::recorded);
    impl_->settlements += narrow<std::uint64_t>(recorded);
  }
  return settled;
}

Result<std::optional<StoredResult>> Store::find_result(const std::string& id) const {
  KEYSTONE_CHECK_OK(check_text("result id", id));
  KEYSTONE_TRY(auto rows, impl_->reader.run(kFind, value_of(id)));
  return read_one<StoredResult>("result", rows, read_result);
}

Result<ResultPage> Store::search(const ResultQuery& query) const {
  KEYSTONE_CHECK_OK(check_limit(query.limit));
  KEYSTONE_CHECK_OK(check_texts(
      {{"device", query.device.value_or("")}, {"enclave", query.enclave.value_or("")}}));
  if (query.after && query.after->number > INT64_MAX) {
    return fail(ErrorCode::usage, "after: got " + std::to_string(query.after->number) +
                                      ", want the number of a result");
  }
  const Search search(query);
  KEYSTONE_TRY(auto rows, impl_->reader.run_all(search.sql(), search.values()));
  ResultPage page;
  KEYSTONE_TRY(page.results, read_all<StoredResult>("result", rows, read_result));
  if (page.results.size() > query.limit) {
    page.results.pop_back();
    const StoredResult& last = page.results.back();
    page.next = ResultCursor{last.result.time, last.number};
  }
  return page;
}

Result<std::size_t> Store::prune_results(Instant before) {
  return impl_->writer.ask<std::size_t>([&](Changes& changes) -> Result<std::size_t> {
    KEYSTONE_TRY(const Rows rows,
                 changes.run(kPrune, value_of(before), value_of(std::uint64_t{Store::kStep})));
    return rows.affected;
  });
}

}  // namespace keystone::server
