// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier.h"
#include "keystone/verifier/issuer.hpp"
#include "keystone/verifier/verifier.hpp"

#include <memory>
#include <string>

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

// With its texts, so that asking for them cannot fail.
struct keystone_verdict {
  keystone::Verdict verdict;
  std::string json;
  std::string summary;
};

struct keystone_replay_set {
  std::unique_ptr<keystone::ReplaySet> set;
};

struct keystone_issuer {
  keystone::ChallengeIssuer issuer;
  std::size_t nonce_size;  // bytes
};
