// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/verdict.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>

namespace keystone {
namespace {

constexpr std::size_t kUsualSize = 2048;  // bytes of JSON on one line

std::string words(const std::vector<Check>& checks) {
  std::string text;
  for (const Check check : checks) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(check));
  }
  return text;
}

void write(JsonWriter& json, const Finding& finding) {
  json.begin_object();
  json.text_at("check", to_string(finding.check));
  json.text_at("result", to_string(finding.result));
  json.text_at("field", finding.field);
  json.text_at("got", finding.got);
  json.text_at("want", finding.want);
  json.text_at("reason", finding.reason);
  json.end_object();
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

// Not by way of a tree of nlohmann's: that takes memory to be destroyed, and where there is none
// ends the process.
std::string to_json(const Verdict& verdict, JsonLayout layout) {
  JsonWriter json(layout, kUsualSize);
  json.begin_object();
  json.text_at("schema", "keystone.verdict/1");
  json.flag_at("accepted", verdict.accepted());
  json.key("findings");
  json.begin_array();
  for (const Finding& finding : verdict.findings()) {
    write(json, finding);
  }
  json.end_array();
  json.end_object();
  return std::move(json).take() + (layout == JsonLayout::indented ? "\n" : "");
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
