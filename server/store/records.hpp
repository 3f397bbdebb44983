// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/nonce.hpp"
#include "store/audit_chain.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the store keeps. Every text must be UTF-8 without a zero byte (`malformed`), so that both
// backends keep the same.
namespace keystone::server {

// Two keys that all nodes over one store share. Secret: move-only, wiped when it goes away.
class SharedSecrets {
 public:
  static constexpr std::size_t kKeySize = 32;  // bytes
  using Key = std::array<std::uint8_t, kKeySize>;

  // The caller wipes its own copies.
  SharedSecrets(const Key& issuer_key, const Key& sealing_key)
      : issuer_key_(issuer_key), sealing_key_(sealing_key) {}
  ~SharedSecrets();
  SharedSecrets(SharedSecrets&& other) noexcept;
  SharedSecrets& operator=(SharedSecrets&&) = delete;

  // As long as this object lives: for ChallengeIssuer, and for the identifiers of sessions.
  [[nodiscard]] const Key& expose_issuer_key() const { return issuer_key_; }
  [[nodiscard]] const Key& expose_sealing_key() const { return sealing_key_; }

 private:
  Key issuer_key_;
  Key sealing_key_;
};

// A nonce that is used up, and must be remembered until `expires`, that second included.
struct Spend {
  Nonce nonce;
  Instant expires;
};

// A verdict, as it can be asked for later.
struct NewResult {
  std::string id;  // unique
  Instant time;
  bool accepted;
  std::string device;   // hex, or empty where the report says nothing that can be relied on
  std::string sm;       // likewise
  std::string enclave;  // likewise
  std::string policy;   // its name
  std::uint64_t policy_revision;
  std::string ear;                   // the token
  std::string verdict;               // JSON
  std::vector<std::uint8_t> report;  // canonical, scrubbed
};

struct StoredResult {
  std::uint64_t number;  // the seq of its audit record
  NewResult result;
};

// One verdict that becomes known: its nonces, itself, and its audit record.
struct Settlement {
  std::vector<Spend> spends;
  NewResult result;
  AuditEvent event;
  std::optional<std::uint64_t> revision = {};  // of the documents that the verdict is by: it counts
                                               // only while they are at that; absent: in any case
};

enum class Settled : std::uint8_t {
  recorded,
  spent_before,  // one of the nonces was spent, or expired so long ago that none can tell; nothing
                 // of this settlement was written
  outdated,      // the documents are at another revision: likewise
};

// A place between two results.
struct ResultCursor {
  Instant time;
  std::uint64_t number;
};

// All conditions must hold; one that is absent always does.
struct ResultQuery {
  std::optional<std::string> device;
  std::optional<std::string> enclave;
  std::optional<bool> accepted;
  std::optional<Instant> from;        // the first second
  std::optional<Instant> until;       // the last second
  std::optional<ResultCursor> after;  // ResultPage::next of the page before
  std::size_t limit = 100;            // 1 to 1000, else `usage`
};

// The newest first. Paging through sees every result that was there at the start exactly once,
// whatever is written meanwhile.
struct ResultPage {
  std::vector<StoredResult> results;
  std::optional<ResultCursor> next;  // absent: that was the last page
};

enum class DocumentKind : std::uint8_t { policy, device, reference_values };

[[nodiscard]] std::string_view to_string(DocumentKind kind);

struct Document {
  DocumentKind kind;
  std::string name;
  std::uint64_t revision;  // of the change that made it; store-wide, never used again
  std::string body;

  // An entity tag (RFC 9110, section 8.8.3), with its quotes: "REVISION".
  [[nodiscard]] std::string etag() const { return '"' + std::to_string(revision) + '"'; }
};

// On what condition a document is changed; without any, always.
struct Precondition {
  std::optional<std::string> if_match;  // an etag(), or `*` for any document
  bool if_none_match_any = false;       // only if there is none
};
struct PreconditionFailed {};
struct NotFound {};

// A bearer token: never itself, only its hash.
using TokenHash = FixedBytes<struct TokenHashRole, 32>;  // SHA-256 of the token's text
struct TokenRecord {
  std::string id;  // public; unique
  TokenHash hash;
  std::string role;
  std::string label;
  Instant created;
  std::optional<Instant> expires;  // the last second; absent: never
  std::optional<Instant> revoked;
};

// The public half of a key that some node signs with.
struct PublicKeyRecord {
  std::string kid;  // unique
  std::string jwk;  // JSON text
  std::string node;
  Instant not_before;
  Instant not_after;  // the last second in which somebody may still want to verify with it
};

}  // namespace keystone::server
