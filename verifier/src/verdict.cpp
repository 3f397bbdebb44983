// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/verdict.hpp"

#include "appraisal.hpp"
#include "keystone/base/assert.hpp"

#include <algorithm>
#include <iterator>

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

Verdict::Verdict() : decisions_{} {
  decisions_.fill({CheckResult::not_evaluated, "internal"});
}

Verdict::Verdict(std::shared_ptr<const detail::Appraisal> appraisal,
                 const detail::SignatureAnswers& answers)
    : decisions_(appraisal->decide(answers)), appraisal_(std::move(appraisal)) {}

bool Verdict::accepted() const {
  return std::all_of(kAllChecks.begin(), kAllChecks.end(), [this](Check check) {
    return result(check) == CheckResult::passed ||
           (result(check) == CheckResult::waived && is_waivable(check));
  });
}

Finding Verdict::finding(Check check) const {
  const detail::Decision& decision = decisions_[static_cast<std::size_t>(check)];
  return appraisal_ == nullptr
             ? Finding{check, decision.result, {}, {}, {}, std::string(decision.reason)}
             : appraisal_->finding(check, decision);
}

Findings Verdict::findings() const {
  Findings findings;
  std::transform(kAllChecks.begin(), kAllChecks.end(), findings.begin(),
                 [this](Check check) { return finding(check); });
  return findings;
}

std::vector<Check> Verdict::with(CheckResult result) const {
  std::vector<Check> checks;
  std::copy_if(kAllChecks.begin(), kAllChecks.end(), std::back_inserter(checks),
               [&](Check check) { return this->result(check) == result; });
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
