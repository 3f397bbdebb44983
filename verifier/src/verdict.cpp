// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/verdict.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

std::string words(const std::vector<Check>& checks) {
  std::string text;
  for (const Check check : checks) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(check));
  }
  return text;
}

// What is not UTF-8, as a waiver's reason may be, shows as U+FFFD.
std::string quoted(std::string_view text) {
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A finding as an element of the list, indented.
std::string json_of(const Finding& finding) {
  const std::pair<const char*, std::string_view> members[] = {{"check", to_string(finding.check)},
                                                              {"result", to_string(finding.result)},
                                                              {"field", finding.field},
                                                              {"got", finding.got},
                                                              {"want", finding.want},
                                                              {"reason", finding.reason}};
  std::string json = "    {";
  const char* separator = "\n      ";
  for (const auto& [key, value] : members) {
    json += separator + quoted(key) + ": " + quoted(value);
    separator = ",\n      ";
  }
  return json + "\n    }";
}

}  // namespace

std::string_view to_string(CheckResult result) {
  switch (result) {
    case CheckResult::not_evaluated:
      return "not_evaluated";
    case CheckResult::passed:
      return "passed";
    case CheckResult::failed:
      return "failed";
    case CheckResult::waived:
      return "waived";
  }
  KEYSTONE_ASSERT(false);
}

Verdict::Verdict() : findings_{} {
  for (const Check check : kAllChecks) {
    Finding& finding = findings_[static_cast<std::size_t>(check)];
    finding.check = check;
    finding.reason = "internal";  // short enough to need no memory, of which there may be none
  }
}

bool Verdict::accepted() const {
  return std::all_of(findings_.begin(), findings_.end(), [](const Finding& finding) {
    return finding.result == CheckResult::passed ||
           (finding.result == CheckResult::waived && is_waivable(finding.check));
  });
}

std::vector<Check> Verdict::with(CheckResult result) const {
  std::vector<Check> checks;
  for (const Finding& finding : findings_) {
    if (finding.result == result) {
      checks.push_back(finding.check);
    }
  }
  return checks;
}

// Put together as text: a tree of nlohmann's takes memory to be destroyed, and where there is none
// ends the process.
std::string to_json(const Verdict& verdict) {
  std::string json = "{\n  \"schema\": \"keystone.verdict/1\",\n  \"accepted\": ";
  json += verdict.accepted() ? "true" : "false";
  json += ",\n  \"findings\": [";
  const char* separator = "\n";
  for (const Finding& finding : verdict.findings()) {
    json += separator + json_of(finding);
    separator = ",\n";
  }
  return json + "\n  ]\n}\n";
}

std::string summary(const Verdict& verdict) {
  const auto waived = verdict.with(CheckResult::waived);
  if (verdict.accepted()) {
    return waived.empty() ? "accepted" : "accepted (waived: " + words(waived) + ")";
  }
  const auto failed = verdict.with(CheckResult::failed);
  return "rejected: " + (failed.empty()
                             ? words(verdict.with(CheckResult::not_evaluated)) + " not evaluated"
                             : words(failed));
}

}  // namespace keystone
