// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier.h"
#include "keystone/verifier/issuer.hpp"
#include "keystone/verifier/verifier.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

// What stands behind the handles of the C API, apart from errors.

struct keystone_policy {
  keystone::Policy policy;
};

struct keystone_report {
  keystone::Evidence evidence;
};

struct keystone_challenge {
  keystone::Challenge challenge;
};

struct keystone_verifier {
  keystone::Verifier verifier;
};

// Its texts are made when they are first asked for: of a large batch, few are.
struct keystone_verdict {
  struct Texts {
    std::string json;
    std::string summary;
    std::array<keystone::Finding, keystone::kCheckCount> findings;
  };

  explicit keystone_verdict(keystone::Verdict said) : verdict(std::move(said)) {}
  // Of one that nobody else has seen.
  keystone_verdict(keystone_verdict&& other) noexcept : verdict(std::move(other.verdict)) {}
  ~keystone_verdict() { delete made.load(); }

  // They live as long as the verdict; any thread may ask. Throws std::bad_alloc.
  [[nodiscard]] const Texts& texts() const;

  keystone::Verdict verdict;
  mutable std::atomic<const Texts*> made = nullptr;
};

struct keystone_replay_set {
  std::unique_ptr<keystone::ReplaySet> set;
};

struct keystone_issuer {
  keystone::ChallengeIssuer issuer;
  std::size_t nonce_size;  // bytes
};
