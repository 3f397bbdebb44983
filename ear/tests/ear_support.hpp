// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/ear/ear.hpp"
#include "setting.hpp"

// Verdicts of a real verifier, and what is said of them.
namespace keystone::testing {

using Claims = std::map<std::string, std::map<TrustClaim, int>>;

inline constexpr const char* kSubmods[] = {"enclave", "platform", "sm"};

inline EarContext context() {
  return {kNow, seconds(300), {"developer", "build"}, "policy 7", std::vector<std::uint8_t>(32, 1)};
}

inline AttestationResult result_of(const Setting& setting) {
  return ear_of(setting.verify(), context());
}

// What is claimed of each part: all that is not 0.
inline Claims claims_of(const AttestationResult& result) {
  Claims claims;
  for (const auto& [name, submod] : result.submods) {
    claims[name];
    for (const TrustClaim claim : kAllTrustClaims) {
      if (submod.claims[claim] != 0) {
        claims[name][claim] = submod.claims[claim];
      }
    }
  }
  return claims;
}

inline Claims good() {
  return {{"platform", {{TrustClaim::instance_identity, 2}}},
          {"sm", {{TrustClaim::executables, 3}}},
          {"enclave", {{TrustClaim::executables, 3}}}};
}

inline void expect_rejected(const AttestationResult& result) {
  ASSERT_EQ(result.submods.size(), 3U);
  for (const char* name : kSubmods) {
    EXPECT_EQ(result.submods.at(name).status, TrustTier::contraindicated) << name;
  }
  EXPECT_EQ(result.overall(), TrustTier::contraindicated);
  EXPECT_FALSE(result.accepted());
}

inline void expect_worthless(const Setting& setting) {
  const auto result = result_of(setting);
  expect_rejected(result);
  for (const char* name : kSubmods) {
    EXPECT_EQ(result.submods.at(name).claims, TrustVector::all(99)) << name;
  }
}

inline void expect_rejected_with(const Setting& setting, const Claims& want) {
  const auto result = result_of(setting);
  expect_rejected(result);
  EXPECT_EQ(claims_of(result), want);
}

}  // namespace keystone::testing
