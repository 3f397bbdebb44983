// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store_setting.hpp"

namespace keystone::server {

// A test of the audit log of a store.
class AuditLogTest : public StoreTest {
 protected:
  // Record i of the log has the time i.
  void append(int count) {
    for (int i = 0; i < count; ++i) {
      AuditEvent event = event_of("kind");
      event.time = after(static_cast<int>(store.audit_head().value().seq) + 1);
      ASSERT_TRUE(testing::succeeds(store.append(event)));
    }
  }
  Checkpoint checkpoint_at(std::uint64_t seq) {
    const auto records = store.audit_records(seq, 1).value();
    return Checkpoint{{seq, records.front().hash}, kNow, "jws of " + std::to_string(seq)};
  }
  std::optional<AuditBreak> broken(const std::vector<Checkpoint>& checkpoints = {}) {
    const auto verdict = verify_audit(store, checkpoints);
    EXPECT_TRUE(testing::succeeds(verdict));
    return verdict->broken;
  }
  std::uint64_t first_kept() { return store.audit_records(0, 1).value().front().seq; }
};

inline std::optional<AuditBreak> at(std::uint64_t seq, AuditBreak::Kind kind) {
  return AuditBreak{seq, kind};
}

}  // namespace keystone::server
