// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier.h"
#include "keystone/verifier/issuer.hpp"
#include "keystone/verifier/verifier.hpp"
#include "on_demand.hpp"

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

// Of a large batch's verdicts, few are asked for their texts.
struct keystone_verdict {
  explicit keystone_verdict(keystone::Verdict said) : verdict(std::move(said)) {}
  // Of one that nobody else has seen.
  keystone_verdict(keystone_verdict&& other) noexcept : verdict(other.verdict) {}

  keystone::Verdict verdict;
  keystone::c_api::OnDemand<std::string> json;
  keystone::c_api::OnDemand<std::string> summary;
  keystone::c_api::OnDemand<keystone::Findings> findings;
};

struct keystone_replay_set {
  std::unique_ptr<keystone::ReplaySet> set;
};

struct keystone_issuer {
  keystone::ChallengeIssuer issuer;
  std::size_t nonce_size;  // bytes
};
