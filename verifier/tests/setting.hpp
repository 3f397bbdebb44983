// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attester.hpp"
#include "keystone/verifier/verifier.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace keystone::testing {

using std::chrono::seconds;

inline constexpr seconds kSecond(1);

// 2026-06-01T12:00:00Z
inline constexpr Instant kNow = Instant(seconds(1'780'315'200));

// Out since a minute ago, for five minutes.
inline constexpr ChallengeTime kOpen = {kNow - seconds(60), kNow + seconds(240),
                                        ChallengeTime::Standing::open};

// A report that a verifier accepts, until a test changes something.
struct Setting {
  Attester attester;
  Nonce nonce = Nonce::from(bytes_for<Nonce::kDefaultSize>("nonce")).value();
  Report report = attester.report(nonce.bytes());
  Policy policy = attester.policy();
  Challenge challenge = Challenge::exact_nonce(nonce).at(kOpen);
  Instant now = kNow;

  [[nodiscard]] Verdict verify() const { return Verifier(policy).verify({report}, challenge, now); }
  void waive(Check check, std::string reason) {
    ASSERT_TRUE(policy.waivers.add(check, std::move(reason)));
  }
};

// Whether the verdict rejects because of this one check, for this reason.
[[nodiscard]] inline ::testing::AssertionResult rejects_for(const Verdict& verdict, Check check,
                                                            std::string_view reason) {
  if (verdict.accepted()) {
    return ::testing::AssertionFailure() << summary(verdict);
  }
  if (verdict.with(CheckResult::failed) != std::vector{check}) {
    return ::testing::AssertionFailure() << summary(verdict) << ", want " << to_string(check);
  }
  if (verdict.finding(check).reason != reason) {
    return ::testing::AssertionFailure()
           << to_string(check) << ": got '" << verdict.finding(check).reason << "', want '"
           << reason << "'";
  }
  return ::testing::AssertionSuccess();
}

}  // namespace keystone::testing
