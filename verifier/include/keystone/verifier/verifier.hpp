// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/challenge.hpp"
#include "keystone/verifier/policy.hpp"
#include "keystone/verifier/verdict.hpp"

#include <cstddef>
#include <memory>

namespace keystone {

// What the attester sent, and nothing else. Untrusted.
struct Evidence {
  Report report;
};

// Remembers which Security Monitor parts (hash and key, 96 bytes) a device key was seen to have
// signed: they are the same in every report of a device. It keeps only a yes, bound to the key, the
// bytes and the signature, so it changes no answer. Copies share one memory; thread-safe. An entry
// takes about 300 bytes; the least recently used one goes first.
class KeyCache {
 public:
  static constexpr std::size_t kDefaultCapacity = 4096;  // entries

  explicit KeyCache(std::size_t capacity = kDefaultCapacity);

  // How many entries there are now.
  [[nodiscard]] std::size_t size() const;

 private:
  friend class Verifier;
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// A verifier in the sense of RFC 9334: appraises evidence by a policy. Immutable; any number of
// threads may use one.
class Verifier {
 public:
  explicit Verifier(Policy policy, KeyCache cache = KeyCache())
      : policy_(std::move(policy)), cache_(std::move(cache)) {}

  // Answers every check for `evidence`, whatever failed before, except those that have nothing to
  // go by (not_evaluated). Total and pure: no clock, no I/O, no state that shows; a failure of the
  // libraries below, memory included, is a verdict that rejects.
  //
  // Inputs:
  //   evidence   what the attester sent. The device key in it only selects an entry of the
  //              registry; the signature is checked under the registered key.
  //   challenge  what the verifier's side asked for. It MUST NOT be made from the evidence.
  //   now        the time that counts for validity and freshness.
  //
  // Remaining with the caller: to use each challenge once (ChallengeIssuer and ReplaySet do that),
  // and to know what an accepted verdict does not mean (docs/limitations.md).
  [[nodiscard]] Verdict verify(const Evidence& evidence, const Challenge& challenge,
                               Instant now) const noexcept;

  [[nodiscard]] const Policy& policy() const { return policy_; }

 private:
  [[nodiscard]] Result<SignatureResult> verify_sm_part(const DevicePublicKey& key,
                                                       const Report& report) const;

  Policy policy_;
  KeyCache cache_;
};

}  // namespace keystone
