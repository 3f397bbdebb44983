// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/checkpoint_keys.hpp"
#include "attestd/key_ring.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

// Signed checkpoints: a JWS by the key ring that says how the audit log ended at some time. Who
// keeps one elsewhere can tell whether the log up to it was changed since. Its payload:
//
//   {"schema":"keystone.audit-checkpoint/1","seq":17,"hash":"<128 hex digits>","iat":1767225600}
namespace keystone::server::attestd {

inline constexpr std::string_view kCheckpointSchema = "keystone.audit-checkpoint/1";

// Signs `head` as it is at `now`. Fails as the ring does.
[[nodiscard]] Result<Checkpoint> sign_checkpoint(const AuditHead& head, Instant now,
                                                 const ResultSigner& signer);

// Signs where the log ends, and stores it in the place of one for the same record: what the store
// says of a signature is not handed on unseen.
[[nodiscard]] Result<Checkpoint> make_checkpoint(Store& store, Instant now,
                                                 const ResultSigner& signer);

// What `jws` says, if one of `keys` signed it. `malformed` for what is no checkpoint, or one that
// none of them signed; white space around it is passed over.
[[nodiscard]] Result<Checkpoint> read_checkpoint(std::string_view jws, const CheckpointKeys& keys);

// Whether `jws` names one of `keys`, or is none at all: what read_checkpoint() should judge.
[[nodiscard]] bool is_signed_by_known(std::string_view jws, const CheckpointKeys& keys);

}  // namespace keystone::server::attestd
