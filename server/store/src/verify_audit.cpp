// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

namespace keystone::server {
namespace {

constexpr std::size_t kAtOnce = 500;

// Adds all the records that there are now, unless one is broken.
Result<std::optional<AuditBreak>> add_rest(const Store& store, AuditChain& chain) {
  std::size_t read = kAtOnce;
  while (read == kAtOnce) {
    KEYSTONE_TRY(const auto records, store.audit_records(chain.head().seq + 1, kAtOnce));
    for (const AuditRecord& record : records) {
      KEYSTONE_TRY(const auto broken, chain.add(record));
      if (broken) {
        return broken;
      }
    }
    read = records.size();
  }
  return std::nullopt;
}

Result<AuditVerdict> verify_from(const Store& store, const AuditHead& base,
                                 const std::vector<Checkpoint>& checkpoints) {
  AuditChain chain(base, checkpoints);
  while (true) {
    KEYSTONE_TRY(const AuditHead before, store.audit_head());
    KEYSTONE_TRY(const auto broken, add_rest(store, chain));
    if (broken) {
      return AuditVerdict{broken, chain.head()};
    }
    KEYSTONE_TRY(const AuditHead after, store.audit_head());
    // The end moves while others append; one that stands still says how far the records must go.
    if (after == before || chain.head().seq >= after.seq) {
      return AuditVerdict{chain.finish(after), chain.head()};
    }
  }
}

}  // namespace

Result<AuditVerdict> verify_audit(const Store& store, const std::vector<Checkpoint>& checkpoints) {
  KEYSTONE_TRY(AuditHead base, store.audit_base());
  while (true) {
    KEYSTONE_TRY(const AuditVerdict verdict, verify_from(store, base, checkpoints));
    KEYSTONE_TRY(const AuditHead base_after, store.audit_base());
    // What was pruned meanwhile is not missing.
    if (!verdict.broken || base_after == base) {
      return verdict;
    }
    base = base_after;
  }
}

}  // namespace keystone::server
