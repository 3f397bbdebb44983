// SPDX-License-Identifier: Apache-2.0
#include "common/console.hpp"
#include "keystone-attest/render.hpp"
#include "keystone/base/assert.hpp"

namespace keystone::cli::attest {
namespace {

std::string_view words_of(CheckResult result) {
  return result == CheckResult::not_evaluated ? "not evaluated" : to_string(result);
}

// SGR parameters (ECMA-48): green, red, yellow, magenta.
std::string_view colour_of(CheckResult result) {
  switch (result) {
    case CheckResult::passed:
      return "32";
    case CheckResult::failed:
      return "31";
    case CheckResult::waived:
      return "33";
    case CheckResult::not_evaluated:
      return "35";
  }
  KEYSTONE_ASSERT(false);
}

std::string coloured(std::string_view text, std::string_view colour) {
  return "\x1b[" + std::string(colour) + "m" + std::string(text) + "\x1b[0m";
}

std::string line_of(const Finding& finding, bool colours) {
  constexpr std::size_t kColumn = 15;
  const std::string_view words = words_of(finding.result);
  std::string text =
      std::string(kColumn - words.size(), ' ') + std::string(to_string(finding.check));
  if (!finding.reason.empty()) {
    text += ": " + finding.reason;
  }
  if (finding.result == CheckResult::failed) {
    text += ": " + finding.field + ": got " + (finding.got.empty() ? "nothing" : finding.got) +
            ", want " + finding.want;
  }
  const auto shown = colours ? coloured(words, colour_of(finding.result)) : std::string(words);
  return shown + one_line(text) + "\n";
}

}  // namespace

std::string show_verdict(const Verdict& verdict, bool colours) {
  const auto result = verdict.accepted() ? CheckResult::passed : CheckResult::failed;
  std::string text =
      (colours ? coloured(summary(verdict), colour_of(result)) : summary(verdict)) + "\n";
  for (const Finding& finding : verdict.findings()) {
    text += line_of(finding, colours);
  }
  return text;
}

std::vector<std::string> hints_about(const Verdict& verdict) {
  const auto fails_with = [&](Check check, std::string_view reason) {
    return verdict.result(check) == CheckResult::failed && verdict.finding(check).reason == reason;
  };
  std::vector<std::string> hints;
  if (fails_with(Check::report_data, "no_challenge") ||
      fails_with(Check::freshness, "no_challenge")) {
    hints.emplace_back(
        "--nonce, --nonce-prefix, --data or --channel-binding says what the enclave was asked for");
  }
  if (fails_with(Check::freshness, "no_time_limit")) {
    hints.emplace_back(
        "--issued with --expires or --max-age says until when the challenge may be answered; "
        "--waive freshness=REASON does without");
  }
  return hints;
}

}  // namespace keystone::cli::attest
