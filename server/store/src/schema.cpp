// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

namespace keystone::server {

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> steps = {
      // 1
      {{
          // One row: the lock under which all is written, the end of the audit log, what its first
          // record follows, the revision of the documents, the latest expiry of the nonces that
          // were forgotten, and what changes when somebody asks whether anything can.
          "CREATE TABLE store_state (id %NUMBER% PRIMARY KEY CHECK (id = 1),"
          " seq %NUMBER% NOT NULL, hash %BYTES% NOT NULL,"
          " base_seq %NUMBER% NOT NULL, base_hash %BYTES% NOT NULL,"
          " revision %NUMBER% NOT NULL, forgotten %NUMBER%, pings %NUMBER% NOT NULL DEFAULT 0)",

          "CREATE TABLE secrets (name %TEXT% NOT NULL PRIMARY KEY, value %BYTES% NOT NULL)",

          "CREATE TABLE spent_nonces (nonce %BYTES% NOT NULL PRIMARY KEY,"
          " expires %NUMBER% NOT NULL) %KEYED%",
          "CREATE INDEX spent_nonces_by_expiry ON spent_nonces (expires)",
          "CREATE TABLE closed_sessions (id %TEXT% NOT NULL PRIMARY KEY,"
          " expires %NUMBER% NOT NULL) %KEYED%",
          "CREATE INDEX closed_sessions_by_expiry ON closed_sessions (expires)",

          // A result has the number of its audit record, but outlives it or goes before it.
          "CREATE TABLE results (number %NUMBER% PRIMARY KEY, id %TEXT% NOT NULL UNIQUE,"
          " time %NUMBER% NOT NULL, accepted %NUMBER% NOT NULL, device %TEXT% NOT NULL,"
          " sm %TEXT% NOT NULL, enclave %TEXT% NOT NULL, policy %TEXT% NOT NULL,"
          " policy_revision %NUMBER% NOT NULL, ear %TEXT% NOT NULL, verdict %TEXT% NOT NULL,"
          " report %BYTES% NOT NULL)",
          "CREATE INDEX results_by_time ON results (time, number)",
          "CREATE INDEX results_by_device ON results (device, time, number)",
          "CREATE INDEX results_by_enclave ON results (enclave, time, number)",

          "CREATE TABLE audit (seq %NUMBER% PRIMARY KEY, time %NUMBER% NOT NULL,"
          " kind %TEXT% NOT NULL, actor %TEXT% NOT NULL, body %TEXT% NOT NULL,"
          " hash %BYTES% NOT NULL)",
          "CREATE TABLE checkpoints (seq %NUMBER% PRIMARY KEY, hash %BYTES% NOT NULL,"
          " time %NUMBER% NOT NULL, jws %TEXT% NOT NULL)",

          // A document holds from its revision on, until that at which it was superseded.
          "CREATE TABLE documents (kind %TEXT% NOT NULL, name %TEXT% NOT NULL,"
          " revision %NUMBER% NOT NULL, superseded %NUMBER%, body %TEXT% NOT NULL,"
          " PRIMARY KEY (kind, name, revision))",
          "CREATE UNIQUE INDEX documents_that_hold ON documents (kind, name)"
          " WHERE superseded IS NULL",

          "CREATE TABLE tokens (id %TEXT% NOT NULL PRIMARY KEY, hash %BYTES% NOT NULL UNIQUE,"
          " role %TEXT% NOT NULL, label %TEXT% NOT NULL, created %NUMBER% NOT NULL,"
          " expires %NUMBER%, revoked %NUMBER%)",
          "CREATE TABLE public_keys (kid %TEXT% NOT NULL PRIMARY KEY, jwk %TEXT% NOT NULL,"
          " node %TEXT% NOT NULL, not_before %NUMBER% NOT NULL, not_after %NUMBER% NOT NULL)",
      }},
  };
  return steps;
}

}  // namespace keystone::server
