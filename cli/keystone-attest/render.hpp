// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/policy_check.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/verdict.hpp"

#include <string>
#include <vector>

// Answers as text. Every function here is a pure one.
namespace keystone::cli::attest {

// The fields of a report, for people; and as {"schema": "keystone.report/1", ...}. Never the
// unsigned tail.
[[nodiscard]] std::string show_report(const Report& report);
[[nodiscard]] std::string show_report_json(const Report& report,
                                           const std::vector<std::string>& warnings);

// The summary, then a line for each check.
[[nodiscard]] std::string show_verdict(const Verdict& verdict, bool colours);

// What is to be done about a rejection for want of an option, one line each; mostly nothing.
[[nodiscard]] std::vector<std::string> hints_about(const Verdict& verdict);

// What `policy check` found; as {"schema": "keystone.policy-check/1", ...}.
[[nodiscard]] std::string show_policy(const Policy& policy, const PolicyState& state);
[[nodiscard]] std::string show_policy_json(const Policy& policy, const PolicyState& state);

// A line for each entry; and the entries as a policy has them, as {"schema":
// "keystone.devices/1", "devices": [...]} and {"schema": "keystone.references/1",
// "security_monitors": [...], "enclaves": [...]}. JSON fails as Policy::serialize().
[[nodiscard]] std::string list_devices(const Policy& policy);
[[nodiscard]] std::string list_references(const Policy& policy);
[[nodiscard]] Result<std::string> list_devices_json(const Policy& policy);
[[nodiscard]] Result<std::string> list_references_json(const Policy& policy);

}  // namespace keystone::cli::attest
