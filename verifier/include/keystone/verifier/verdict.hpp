// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/json_writer.hpp"
#include "keystone/verifier/check.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace keystone {

enum class CheckResult : std::uint8_t {
  not_evaluated,  // could not be asked; a verdict with one of these is a rejection
  passed,
  failed,
  waived,  // failed, and the policy says why that may be
};

[[nodiscard]] std::string_view to_string(CheckResult result);

// The answer to one check, for people and for programs. Text of a stranger in it is hex.
struct Finding {
  Check check;
  CheckResult result = CheckResult::not_evaluated;
  std::string field;   // what was looked at, such as security_monitor.hash
  std::string got;     // its value
  std::string want;    // what would have passed
  std::string reason;  // why it is as it is: a word (docs/verdicts.md), or a waiver's own text;
                       // empty for what passed
};

namespace detail {

class Appraisal;
struct SignatureAnswers;

// The answer to one check without the values: what a finding is made of.
struct Decision {
  CheckResult result = CheckResult::not_evaluated;
  std::string_view reason;  // a literal
};

using Decisions = std::array<Decision, kCheckCount>;  // by the checks' number

}  // namespace detail

using Findings = std::array<Finding, kCheckCount>;  // by the checks' number

// What a verifier says of evidence. Only a Verifier makes one that accepts. It takes some 500
// bytes, and keeps the policy and the bytes of report and challenge, which it shares with others;
// findings are put into words when they are asked for. A moved-from one is as it was.
class Verdict {
 public:
  // Rejects: nothing was evaluated, for the reason `internal`.
  Verdict();

  Verdict(const Verdict&) = default;  // and no moving
  Verdict& operator=(const Verdict&) = default;
  ~Verdict() = default;

  // Whether every check passed or was waived, and none was waived that cannot be.
  [[nodiscard]] bool accepted() const;

  [[nodiscard]] CheckResult result(Check check) const {
    return decisions_[static_cast<std::size_t>(check)].result;
  }

  // Both put into words what result() only names: who wants all findings asks once.
  [[nodiscard]] Finding finding(Check check) const;
  [[nodiscard]] Findings findings() const;

  // The checks with that result, in the order of Check.
  [[nodiscard]] std::vector<Check> with(CheckResult result) const;

 private:
  friend class Verifier;
  Verdict(std::shared_ptr<const detail::Appraisal> appraisal,
          const detail::SignatureAnswers& answers);

  detail::Decisions decisions_;
  std::shared_ptr<const detail::Appraisal> appraisal_;  // null: nothing was evaluated
};

static_assert(sizeof(Verdict) <= 256);

// {"schema": "keystone.verdict/1", "accepted": ..., "findings": [...]}; indented, it has a line
// feed at the end. Schema: test-vectors/schema/verdict.schema.json.
[[nodiscard]] std::string to_json(const Verdict& verdict, JsonLayout layout = JsonLayout::indented);

// One line without a line feed: `accepted`, `accepted (waived: a, b)` or `rejected: a, b`.
[[nodiscard]] std::string summary(const Verdict& verdict);

}  // namespace keystone
