// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/ear/ear.hpp"

#include <string>
#include <string_view>

// What an attestation server answered, as text. Every function here is a pure one.
namespace keystone::cli::attest {

// One line without a line feed: `accepted`, `accepted (waived: a, b)` or `rejected: a, b`; where
// the result has no findings of ours, its status stands for them.
[[nodiscard]] std::string summary(const AttestationResult& result);

// The summary, then a line for each part and each finding.
[[nodiscard]] std::string show_result(const AttestationResult& result);

// {"schema": "keystone.request/1", ...}: the result and the token that it was read from.
[[nodiscard]] std::string show_result_json(const AttestationResult& result, std::string_view token);

}  // namespace keystone::cli::attest
