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

namespace keystone::c_api {

// Something that is made when it is first asked for, by any thread, and then stays.
template <class T>
class OnDemand {
 public:
  OnDemand() = default;
  OnDemand(const OnDemand&) = delete;
  OnDemand& operator=(const OnDemand&) = delete;
  ~OnDemand() { delete made_.load(); }

  // Lives as long as this object. Fails as `make` does, and is then not made. Of two threads that
  // make it at once, the first counts.
  template <class Make>
  [[nodiscard]] const T& get(const Make& make) const {
    if (const T* const there = made_.load(); there != nullptr) {
      return *there;
    }
    auto own = std::make_unique<const T>(make());
    const T* there = nullptr;
    return made_.compare_exchange_strong(there, own.get()) ? *own.release() : *there;
  }

 private:
  mutable std::atomic<const T*> made_ = nullptr;
};

}  // namespace keystone::c_api

// Of a large batch's verdicts, few are asked for their texts.
struct keystone_verdict {
  explicit keystone_verdict(keystone::Verdict said) : verdict(std::move(said)) {}
  // Of one that nobody else has seen.
  keystone_verdict(keystone_verdict&& other) noexcept : verdict(other.verdict) {}

  keystone::Verdict verdict;
  keystone::c_api::OnDemand<std::string> json;
  keystone::c_api::OnDemand<std::string> summary;
  keystone::c_api::OnDemand<std::array<keystone::Finding, keystone::kCheckCount>> findings;
};

struct keystone_replay_set {
  std::unique_ptr<keystone::ReplaySet> set;
};

struct keystone_issuer {
  keystone::ChallengeIssuer issuer;
  std::size_t nonce_size;  // bytes
};
