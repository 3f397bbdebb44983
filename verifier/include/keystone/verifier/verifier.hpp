// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/key_tables.hpp"
#include "keystone/crypto/signature.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/challenge.hpp"
#include "keystone/verifier/policy.hpp"
#include "keystone/verifier/verdict.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace keystone {

// What the attester sent, and nothing else. Untrusted.
struct Evidence {
  Report report;
};

// Remembers which Security Monitor parts (hash and key, 96 bytes) a device key was seen to have
// signed: they are the same in every report of a device. It keeps only a yes, bound to the key, the
// bytes and the signature, so it changes no answer. Copies share one memory; thread-safe:
// threads seldom wait for one another. An entry takes about 300 bytes; the least recently used ones
// go first.
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
  // `tables` are of device keys in the registry and of SM keys that such a device signed. They may
  // be shared between verifiers, as may the cache.
  explicit Verifier(Policy policy, KeyCache cache = KeyCache(), KeyTables tables = KeyTables())
      : policy_(std::make_shared<const Policy>(std::move(policy))),
        cache_(std::move(cache)),
        tables_(std::move(tables)) {}

  Verifier(const Verifier&) = default;  // and no moving, which would leave one without a policy
  Verifier& operator=(const Verifier&) = default;
  ~Verifier() = default;

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

  // The verdict of verify() on each evidence[i] and challenges[i], all of them faster; there must
  // be as many of one as of the other. Up to `threads` threads share the work, this one included; 0
  // is as many as the machine runs at once.
  [[nodiscard]] std::vector<Verdict> verify_batch(std::span<const Evidence> evidence,
                                                  std::span<const Challenge> challenges,
                                                  Instant now, unsigned threads = 1) const;

  // The same into verdicts of the caller's, as many. A block of 128 reports for which memory lacks
  // gets verdicts that reject.
  void verify_batch(std::span<const Evidence> evidence, std::span<const Challenge> challenges,
                    Instant now, std::span<Verdict> verdicts, unsigned threads = 1) const noexcept;

  [[nodiscard]] const Policy& policy() const { return *policy_; }

 private:
  class Block;

  [[nodiscard]] Result<SignatureResult> verify_sm_part(const DevicePublicKey& key,
                                                       const Report& report) const;

  std::shared_ptr<const Policy> policy_;  // which verdicts share
  KeyCache cache_;
  KeyTables tables_;
};

}  // namespace keystone
