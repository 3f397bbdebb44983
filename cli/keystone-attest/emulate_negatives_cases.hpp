// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_negatives_workshop.hpp"
#include "keystone/verifier/verdict.hpp"

#include <string>
#include <string_view>
#include <vector>

// The cases of `emulate negatives`. What is expected of each stands beside what is changed, after
// docs/verdicts.md and docs/reports.md; nothing here asks a verifier.
namespace keystone::cli::attest {

// Of a check that does not pass: `failed` or `not_evaluated`, with its reason.
struct ExpectedFinding {
  Check check;
  CheckResult result;
  std::string_view reason;
};

struct NegativeCase {
  std::string name;  // of lower-case words with hyphens: its file's name, too
  std::string why;   // a sentence
  ReportFormat format;
  std::string content;

  bool is_report = true;                       // else it cannot be read, and there is no verdict
  std::vector<ExpectedFinding> findings = {};  // of a report; none: it is accepted
  bool registers_test_key = false;             // it is meant for the policy that does
};

using NegativeCases = std::vector<NegativeCase>;

// Reports that are accepted: the good one in each form, and what does not matter.
[[nodiscard]] Result<NegativeCases> accepted_cases(const Workshop& workshop, const Report& good);

// Honest reports of the wrong device, firmware, enclave or data.
[[nodiscard]] Result<NegativeCases> honest_cases(const Workshop& workshop);

// Reports that somebody changed or made up.
[[nodiscard]] Result<NegativeCases> forged_cases(const Workshop& workshop, const Report& good);

// Bytes that are no report: cut, too long, or with a length that lies.
[[nodiscard]] Result<NegativeCases> cut_cases(const Workshop& workshop, const Report& good);

// Text that is nearly a JSON report.
[[nodiscard]] NegativeCases json_cases(const Report& good);

}  // namespace keystone::cli::attest
