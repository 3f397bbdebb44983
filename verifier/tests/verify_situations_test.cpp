// SPDX-License-Identifier: Apache-2.0
// The situations of test-vectors/verify/ through the library, and what holds for all of them.
#include "keystone/testing/files.hpp"
#include "keystone/verifier/verifier.hpp"
#include "read_situations.hpp"

#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using testing::Answer;
using testing::read_situation;
using testing::Situation;
using testing::situation_names;

Challenge asked(const Situation& situation) {
  if (situation.kind == "none") {
    return Challenge::none();
  }
  if (situation.kind == "data") {
    return Challenge::exact_data(situation.value).value();
  }
  if (situation.kind == "channel") {
    return Challenge::bound_to(ChannelBinding::from("value", situation.value).value());
  }
  const Nonce nonce = Nonce::from(situation.value).value();
  if (situation.kind == "nonce") {
    return Challenge::exact_nonce(nonce);
  }
  EXPECT_EQ(situation.kind, "nonce_prefix");
  return Challenge::nonce_prefix(nonce);
}

Challenge challenge_of(const Situation& situation) {
  using Standing = ChallengeTime::Standing;
  const std::map<std::string, Standing> standings = {{"open", Standing::open},
                                                     {"used_before", Standing::used_before},
                                                     {"not_issued", Standing::not_issued}};
  if (!situation.time) {
    return asked(situation);
  }
  const auto& [issued, expires, standing] = *situation.time;
  return asked(situation).at({issued, expires, standings.at(standing)});
}

Verdict verdict_on(const Report& report, const Situation& situation) {
  const Verifier verifier(Policy::parse(situation.policy).value());
  return verifier.verify({report}, challenge_of(situation), situation.now);
}

Answer answer_to(const Situation& situation) {
  const auto report = Report::parse(situation.report);
  if (!report) {
    EXPECT_EQ(report.error().code, ErrorCode::malformed) << report.error().message;
    return {"malformed", {}, {}, {}, {}};
  }
  const Verdict verdict = verdict_on(*report, situation);
  Answer answer{verdict.accepted() ? "accepted" : "rejected", {}, {}, {}, {}};
  for (const Finding& finding : verdict.findings()) {
    answer.add(to_string(finding.check), to_string(finding.result), finding.reason);
  }
  return answer;
}

class VerifySituation : public ::testing::TestWithParam<std::string> {};

TEST_P(VerifySituation, IsAnsweredByTheLibraryAsExpected) {
  const Situation situation = read_situation(GetParam());
  EXPECT_EQ(answer_to(situation), situation.want);
}

std::string name_of(const ::testing::TestParamInfo<std::string>& situation) {
  return testing::test_name(situation.param);
}
INSTANTIATE_TEST_SUITE_P(All, VerifySituation, ::testing::ValuesIn(situation_names()), name_of);

std::vector<Situation> all_situations() {
  std::vector<Situation> all;
  for (const std::string& name : situation_names()) {
    all.push_back(read_situation(name));
  }
  return all;
}

TEST(VerifySituations, AreManyAndTwoFifthsOfThemNegative) {
  const auto all = all_situations();
  std::size_t negative = 0;
  for (const Situation& situation : all) {
    negative += situation.want.outcome == "accepted" ? 0U : 1U;
  }
  EXPECT_GE(all.size(), 40U);
  EXPECT_GE(negative * 10, all.size() * 4);
}

// By one thing going wrong: for each check there is a situation in which nothing else fails.
TEST(VerifySituations, FailEachCheckAlone) {
  std::set<std::string> alone;
  for (const Situation& situation : all_situations()) {
    if (situation.want.failed.size() == 1) {
      alone.insert(situation.want.failed[0]);
    }
  }
  EXPECT_EQ(alone.size(), kCheckCount);
}

using CheckAndReason = std::pair<std::string, std::string>;

// The words between backticks.
std::vector<std::string> quoted(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream parts(text);
  for (std::string outside, word;
       std::getline(parts, outside, '`') && std::getline(parts, word, '`');) {
    words.push_back(word);
  }
  return words;
}

std::string documentation() {
  return testing::content_of(testing::vector_path("../docs/verdicts.md"));
}

// The rows of docs/verdicts.md, section Reasons: | `reason` | `check`, `check` | sentence |
std::set<CheckAndReason> documented_reasons() {
  const std::string text = documentation();
  const std::size_t begin = text.find("\n## Reasons\n");
  std::istringstream section(text.substr(begin, text.find("\n## ", begin + 1) - begin));
  std::set<CheckAndReason> reasons;
  for (std::string line; std::getline(section, line);) {
    if (line.starts_with("| `")) {
      const std::size_t end = line.find('|', 1);
      const auto reason = quoted(line.substr(0, end));
      for (const std::string& check : quoted(line.substr(end, line.find('|', end + 1) - end))) {
        reasons.emplace(check, reason.at(0));
      }
    }
  }
  return reasons;
}

TEST(VerifySituations, GiveEveryReasonThatIsDocumentedAndNoOther) {
  std::set<CheckAndReason> given;
  for (const Situation& situation : all_situations()) {
    for (const auto* const checks : {&situation.want.failed, &situation.want.not_evaluated}) {
      for (const std::string& check : *checks) {
        given.emplace(check, situation.want.reasons.at(check));
      }
    }
  }
  EXPECT_EQ(given, documented_reasons());
}

TEST(VerifySituations, HaveTheVerdictThatTheDocumentationShows) {
  const Situation situation = read_situation("one-known-key-of-two-is-waived");
  const Verdict verdict = verdict_on(Report::parse(situation.report).value(), situation);
  EXPECT_NE(documentation().find("```json\n" + to_json(verdict) + "```\n"), std::string::npos)
      << to_json(verdict);
}

}  // namespace
}  // namespace keystone
