// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/ear/ear.hpp"

#include <string_view>

namespace keystone::detail {

// The names of claims that differ between the forms.
struct EarNames {
  std::string_view verifier_id, status, vector, policy;
  bool policy_is_array;
};

inline constexpr EarNames kDeployedNames = {"ear.verifier-id", "ear.status",
                                            "ear.trustworthiness-vector", "ear.appraisal-policy-id",
                                            false};
inline constexpr EarNames kDraftNames = {"ear_verifier_id", "ear_status",
                                         "ear_trustworthiness_vector", "ear_appraisal_policy_ids",
                                         true};

// An extension of ours, the same in both forms.
inline constexpr std::string_view kFindingsName = "keystone.findings";

}  // namespace keystone::detail
