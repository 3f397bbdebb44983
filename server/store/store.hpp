// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/issuer.hpp"
#include "store/database.hpp"
#include "store/records.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace keystone::server {

// What a server keeps. Calls may come from any thread, and wait for the disk. What is written is
// durable when the call returns.
//
// A call fails with `unreachable` when the database is away or held by others for too long, with
// `unwritable` when it cannot be written (a full disk, a read-only file), with `malformed` when
// what lies in it is not what was written, or a text is not UTF-8. After such an Error nothing may
// be accepted: whether it was written is not known, though never a part of it. Nothing needs to be
// started anew: the next call works when the cause is gone.
class Store {
 public:
  // Opens it, and brings an older schema up to date. `malformed` for a schema that this version
  // does not know; otherwise as above. `random` makes the secrets of a new store.
  [[nodiscard]] static Result<Store> open(const StoreOptions& options, const RandomSource& random);

  // Opens one that has this version's schema, and leaves the schema alone. `malformed`, with a
  // hint, for an older one or none at all; else as open().
  [[nodiscard]] static Result<Store> open_as_it_is(const StoreOptions& options);

  // The same as open() over any source of databases, with at most `readers` connections for
  // reading.
  [[nodiscard]] static Result<Store> open(std::shared_ptr<DatabaseSource> source,
                                          std::size_t readers, const RandomSource& random);
  ~Store();
  Store(Store&& other) noexcept;
  Store& operator=(Store&& other) noexcept;

  // Made once for a store: every node gets the same.
  [[nodiscard]] Result<SharedSecrets> secrets() const;

  // Writes each settlement whole or, where a nonce was spent before or it is outdated, not at all:
  // also against other settlements of this call and of other nodes. In the order given. Calls that
  // wait at the same time share a transaction.
  [[nodiscard]] Result<std::vector<Settled>> settle(std::span<const Settlement* const> settlements);
  [[nodiscard]] Result<std::optional<StoredResult>> find_result(const std::string& id) const;
  [[nodiscard]] Result<ResultPage> search(const ResultQuery& query) const;

  // ReplaySet::spend(), see StoreReplaySet. A nonce whose `expires` is not after that of one which
  // expire() forgot counts as spent.
  [[nodiscard]] Result<bool> spend(const Nonce& nonce, Instant expires);

  // Closes a session: its nonces are spent, those that are already staying so, and is_closed() is
  // true until `expires`, that second included. False if it was closed before: nothing is written.
  [[nodiscard]] Result<bool> close_session(const std::string& id, Instant expires,
                                           const std::vector<Spend>& spends,
                                           const AuditEvent& event);
  [[nodiscard]] Result<bool> is_closed(const std::string& id) const;

  // The document as it is; as it was when the store had `revision`; those whose names come after
  // `after`, by name, at most `limit` (1 to 1000, else `usage`).
  [[nodiscard]] Result<std::optional<Document>> document(DocumentKind kind,
                                                         const std::string& name) const;
  [[nodiscard]] Result<std::optional<Document>> document_at(DocumentKind kind,
                                                            const std::string& name,
                                                            std::uint64_t revision) const;
  [[nodiscard]] Result<std::vector<Document>> documents(DocumentKind kind, const std::string& after,
                                                        std::size_t limit) const;

  // Of the last change to any document; 0 when there was none.
  [[nodiscard]] Result<std::uint64_t> revision() const;
  // The same as this node's last transaction that wrote had it, or 0 before any: without a look at
  // the database, and so perhaps outdated by another node.
  [[nodiscard]] std::uint64_t last_revision() const;

  // Removing what is not there is NotFound; so is `if_match` of what is not there when putting.
  using Changed = std::variant<Document, PreconditionFailed, NotFound>;
  [[nodiscard]] Result<Changed> put_document(DocumentKind kind, const std::string& name,
                                             const std::string& body,
                                             const Precondition& precondition,
                                             const AuditEvent& event);
  [[nodiscard]] Result<Changed> remove_document(DocumentKind kind, const std::string& name,
                                                const Precondition& precondition,
                                                const AuditEvent& event);

  // `usage` for an id or a hash that is there already.
  [[nodiscard]] Status add_token(const TokenRecord& token, const AuditEvent& event);
  [[nodiscard]] Result<std::vector<TokenRecord>> tokens() const;  // by id
  // False if there is no such token, or it was revoked before.
  [[nodiscard]] Result<bool> revoke_token(const std::string& id, Instant now,
                                          const AuditEvent& event);
  // Also an expired or a revoked one.
  [[nodiscard]] Result<std::optional<TokenRecord>> find_token(const TokenHash& hash) const;

  // A key that is there already gets the new times, and the name of its node, which may be a new
  // one; `usage` if its `jwk` is another one.
  [[nodiscard]] Status publish_key(const PublicKeyRecord& key);
  // Those whose not_after has not passed, by kid.
  [[nodiscard]] Result<std::vector<PublicKeyRecord>> keys(Instant now) const;

  // The last record; what the first record that is kept comes after; records from `from` on.
  [[nodiscard]] Result<AuditHead> audit_head() const;
  [[nodiscard]] Result<AuditHead> audit_base() const;
  [[nodiscard]] Result<std::vector<AuditRecord>> audit_records(std::uint64_t from,
                                                               std::size_t limit) const;
  [[nodiscard]] Result<AuditHead> append(const AuditEvent& event);
  // `usage` unless it is of a record of this log. One for a record that has one replaces it.
  [[nodiscard]] Status add_checkpoint(const Checkpoint& checkpoint);
  [[nodiscard]] Result<std::vector<Checkpoint>> checkpoints() const;  // by seq

  // What follows removes at most kStep rows of each kind a call, and says how many it removed: to
  // be called until that is 0.
  static constexpr std::size_t kStep = 1000;
  // Nonces and closed sessions that expired before `now`.
  [[nodiscard]] Result<std::size_t> expire(Instant now);
  // Audit records from the first one on, while they are older than `before` and not after
  // `through`, a checkpoint of this store (else `usage`), whose signature vouches for the rest. The
  // checkpoints of records before the last that goes, go with it.
  [[nodiscard]] Result<std::size_t> prune_audit(Instant before, const Checkpoint& through);
  // Results older than `before`.
  [[nodiscard]] Result<std::size_t> prune_results(Instant before);

  // Whether it can be reached and written: writes.
  [[nodiscard]] Status ping();
  // The same for whoever asks often: what ping() found is the answer for one second.
  [[nodiscard]] Status is_ready();

  // Since it was opened.
  struct Statistics {
    std::uint64_t writes;        // calls that write
    std::uint64_t settlements;   // of those that were recorded
    std::uint64_t transactions;  // that were committed
  };
  [[nodiscard]] Statistics statistics() const;

 private:
  class Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What became of a look at the whole audit log.
struct AuditVerdict {
  std::optional<AuditBreak> broken;  // absent: all of it holds
  AuditHead head;                    // of the last good record
};

// Checks the whole log of `store` against itself and against `checkpoints`, whose signatures the
// caller has verified. Records that are appended or pruned meanwhile do no harm. `malformed`,
// naming the record, for one that cannot even be read.
[[nodiscard]] Result<AuditVerdict> verify_audit(const Store& store,
                                                const std::vector<Checkpoint>& checkpoints);

// The nonces of a store as a ReplaySet, as long as the store lives.
class StoreReplaySet final : public ReplaySet {
 public:
  explicit StoreReplaySet(Store& store) : store_(store) {}
  [[nodiscard]] Result<bool> spend(const Nonce& nonce, Instant now, Instant expires) override;

 private:
  Store& store_;
};

}  // namespace keystone::server
