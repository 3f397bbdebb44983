// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"
#include "keystone/crypto/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The audit log as a chain of hashes: who holds the hash of a record can tell whether any record up
// to it was changed, removed, inserted or moved. Pure: no database here.
//
// The hash of a record is SHA3-512 over, without anything between:
//
//   "keystone-attest/audit/v1"    24 bytes of ASCII
//   seq                           8 bytes, little-endian; the first record has 1
//   hash of the record before     64 bytes; before the first: zeros
//   time                          8 bytes, little-endian, two's complement: seconds of Unix time
//   kind, actor, body             each: 8 bytes of length in bytes, little-endian, then the bytes
namespace keystone::server {

// Something that happened. The store does not look into it; no secret may be in it.
struct AuditEvent {
  Instant time;
  std::string kind;   // such as `verdict`
  std::string actor;  // who did it
  std::string body;   // one JSON object, compact
};

// The hash of a record, and so of all records up to it.
using ChainHash = FixedBytes<struct ChainHashRole, 64>;

// A place in the chain: the last record of those that are meant. With seq 0, which has the hash of
// zeros, there is none.
struct AuditHead {
  std::uint64_t seq;
  ChainHash hash;

  // Before the first record.
  [[nodiscard]] static AuditHead start();

  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

struct AuditRecord {
  std::uint64_t seq;
  AuditEvent event;
  ChainHash hash;
};

// A head that somebody signed: `jws` has it, with the signature, which nobody here looks at.
struct Checkpoint {
  AuditHead head;
  Instant time;
  std::string jws;
};

// The record of `event` after `before`. `internal` when the hash function cannot run.
[[nodiscard]] Result<AuditRecord> next_record(const AuditHead& before, AuditEvent event);

// What is wrong with a log, at the first record where something is.
struct AuditBreak {
  enum class Kind : std::uint8_t {
    wrong_hash,    // the record was changed, or one before it that had its hash made anew
    missing,       // there is no record with this number where it must be
    out_of_order,  // a record follows whose number was there already: inserted, or moved
    rewritten,     // the hashes fit, but a checkpoint has another one for this record
  };
  std::uint64_t seq;
  Kind kind;

  friend bool operator==(const AuditBreak&, const AuditBreak&) = default;
};

[[nodiscard]] std::string_view to_string(AuditBreak::Kind kind);

// Checks a log, record after record, against checkpoints whose signatures the caller has verified.
// What is kept is one hash and the checkpoints.
class AuditChain {
 public:
  // The records that follow are those after `base`: AuditHead::start(), or what a pruned log starts
  // from. A base that was forged shows at the first checkpoint behind it. Checkpoints at or before
  // the base, other than one of the base itself, say nothing.
  explicit AuditChain(const AuditHead& base, std::vector<Checkpoint> checkpoints = {});

  // The next record as it lies in the store: nothing, or what is wrong. After a break the chain is
  // spent. `internal` when the hash function cannot run.
  [[nodiscard]] Result<std::optional<AuditBreak>> add(const AuditRecord& record);

  // After the last record: whether the log reaches as far as the checkpoints say, and as `claimed`,
  // the store's own word of where it ends.
  [[nodiscard]] std::optional<AuditBreak> finish(const AuditHead& claimed) const;

  // Of the last good record.
  [[nodiscard]] const AuditHead& head() const { return head_; }

 private:
  [[nodiscard]] bool contradicts_checkpoint();

  AuditHead head_;
  std::vector<Checkpoint> checkpoints_;  // by seq
  std::size_t next_ = 0;                 // the first of them that is behind head_
  std::optional<AuditBreak> base_break_;
};

}  // namespace keystone::server
