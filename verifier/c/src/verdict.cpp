// SPDX-License-Identifier: Apache-2.0
#include "boundary.hpp"
#include "handles.hpp"
#include "keystone/base/assert.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

using namespace keystone;
using namespace keystone::c_api;

namespace {

constexpr std::size_t kBlock = 16384;  // reports of a batch that are copied at a time

keystone_check_result result_of(CheckResult result) {
  switch (result) {
    case CheckResult::not_evaluated:
      return KEYSTONE_NOT_EVALUATED;
    case CheckResult::passed:
      return KEYSTONE_PASSED;
    case CheckResult::failed:
      return KEYSTONE_FAILED;
    case CheckResult::waived:
      return KEYSTONE_WAIVED;
  }
  KEYSTONE_ASSERT(false);
}

// The text that is made once by `make`; empty where that fails.
template <class Make>
const char* text_of(const OnDemand<std::string>& text, const Make& make) noexcept {
  try {
    return text.get(make).c_str();
  } catch (...) {
    return "";
  }
}

// A list of handles, none of them null; `usage` for the first that is.
template <class Handle>
Status check_all_given(std::string_view name, const Handle* const* handles, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (handles[i] == nullptr) {
      return fail(ErrorCode::usage,
                  std::string(name) + "[" + std::to_string(i) + "]: got NULL, want a handle");
    }
  }
  return {};
}

// Appends the verdicts on some reports.
void verify_block(const Verifier& verifier, std::span<const keystone_report* const> reports,
                  std::span<const keystone_challenge* const> challenges, Instant now,
                  std::uint32_t threads, std::vector<std::unique_ptr<keystone_verdict>>& verdicts) {
  std::vector<Evidence> evidence;
  std::vector<Challenge> asked;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    evidence.push_back(reports[i]->evidence);
    asked.push_back(challenges[i]->challenge);
  }
  for (Verdict& verdict : verifier.verify_batch(evidence, asked, now, threads)) {
    verdicts.push_back(std::make_unique<keystone_verdict>(std::move(verdict)));
  }
}

}  // namespace

keystone_status keystone_verifier_new(const keystone_policy* policy, keystone_verifier** out,
                                      keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_verifier> {
    KEYSTONE_CHECK_OK(check_given({{"policy", policy}}));
    return keystone_verifier{Verifier(policy->policy)};
  });
}

void keystone_verifier_free(keystone_verifier* verifier) {
  delete verifier;
}

keystone_status keystone_verify(const keystone_verifier* verifier, const keystone_report* report,
                                const keystone_challenge* challenge, int64_t now,
                                keystone_verdict** out, keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_verdict> {
    KEYSTONE_CHECK_OK(
        check_given({{"verifier", verifier}, {"report", report}, {"challenge", challenge}}));
    return keystone_verdict(
        verifier->verifier.verify(report->evidence, challenge->challenge, instant_of(now)));
  });
}

keystone_status keystone_verify_batch(const keystone_verifier* verifier,
                                      const keystone_report* const* reports,
                                      const keystone_challenge* const* challenges, size_t count,
                                      int64_t now, uint32_t threads, keystone_verdict** verdicts,
                                      keystone_error** error) {
  if (verdicts != nullptr) {
    std::fill_n(verdicts, count, nullptr);
  }
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"verifier", verifier}}));
    if (count == 0) {
      return {};
    }
    KEYSTONE_CHECK_OK(
        check_given({{"reports", reports}, {"challenges", challenges}, {"verdicts", verdicts}}));
    KEYSTONE_CHECK_OK(check_all_given("reports", reports, count));
    KEYSTONE_CHECK_OK(check_all_given("challenges", challenges, count));
    std::vector<std::unique_ptr<keystone_verdict>> made;
    made.reserve(count);
    for (std::size_t from = 0; from < count; from += kBlock) {
      const std::size_t size = std::min(kBlock, count - from);
      verify_block(verifier->verifier, {reports + from, size}, {challenges + from, size},
                   instant_of(now), threads, made);
    }
    std::transform(made.begin(), made.end(), verdicts, [](auto& each) { return each.release(); });
    return {};
  });
}

int keystone_verdict_accepted(const keystone_verdict* verdict) {
  return verdict != nullptr && verdict->verdict.accepted() ? 1 : 0;
}

size_t keystone_verdict_count(const keystone_verdict* verdict) {
  return verdict == nullptr ? 0 : kCheckCount;
}

keystone_status keystone_verdict_finding(const keystone_verdict* verdict, size_t index,
                                         keystone_finding* out, keystone_error** error) {
  if (out != nullptr) {
    *out = {"", KEYSTONE_NOT_EVALUATED, "", "", "", ""};
  }
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"verdict", verdict}, {"out", out}}));
    if (index >= kCheckCount) {
      return fail(ErrorCode::usage, "index: got " + std::to_string(index) + ", want less than " +
                                        std::to_string(kCheckCount));
    }
    const auto& findings = verdict->findings.get([&] { return verdict->verdict.findings(); });
    const Finding& finding = findings[index];
    // The word of a check is a literal, so a zero byte ends it.
    *out = {to_string(finding.check).data(),
            result_of(finding.result),
            finding.field.c_str(),
            finding.got.c_str(),
            finding.want.c_str(),
            finding.reason.c_str()};
    return {};
  });
}

const char* keystone_verdict_json(const keystone_verdict* verdict) {
  return verdict == nullptr ? ""
                            : text_of(verdict->json, [&] { return to_json(verdict->verdict); });
}

const char* keystone_verdict_summary(const keystone_verdict* verdict) {
  return verdict == nullptr
             ? ""
             : text_of(verdict->summary, [&] { return keystone::summary(verdict->verdict); });
}

void keystone_verdict_free(keystone_verdict* verdict) {
  delete verdict;
}
