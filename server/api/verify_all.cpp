// SPDX-License-Identifier: Apache-2.0
#include "api/verification.hpp"
#include "keystone/base/assert.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace keystone::server {
namespace {

using Indices = std::vector<std::size_t>;  // of requests

// Requests on their way to results that are on record. What nobody got to is refused with 503.
class Verification {
 public:
  Verification(Core& core, const ServiceOptions& options,
               const std::vector<VerificationRequest>& requests, const std::vector<Origin>& origins)
      : core_(core),
        options_(options),
        requests_(requests),
        origins_(origins),
        answers_(requests.size(), fail(unavailable(Error(ErrorCode::internal, "not appraised")))) {
    for (const VerificationRequest& request : requests) {
      questions_.push_back(request.question);
    }
  }

  // Those of one policy are verified together. Says which have an appraisal.
  [[nodiscard]] Indices appraise(const Indices& chosen) {
    std::map<PolicyRef, Indices> by_policy;
    for (const std::size_t index : chosen) {
      by_policy[questions_[index].policy].push_back(index);
    }
    Indices appraised;
    for (const auto& [policy, indices] : by_policy) {
      appraise(policy, indices);
      for (const std::size_t index : indices) {
        if (answers_[index]) {
          appraised.push_back(index);
        }
      }
    }
    std::sort(appraised.begin(), appraised.end());
    return appraised;
  }

  // Has all on record. Says of which it turned out that what they use up was used before.
  [[nodiscard]] Indices settle(const Indices& chosen) {
    Indices used_before;
    if (chosen.empty()) {
      return used_before;
    }
    std::vector<const Appraisal*> appraisals;
    for (const std::size_t index : chosen) {
      appraisals.push_back(&*answers_[index]);
    }
    const auto recorded = keystone::server::settle(core_, appraisals);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (!recorded) {
        answers_[chosen[i]] = fail(recorded.error());
      } else if (!(*recorded)[i]) {
        used_before.push_back(chosen[i]);
      }
    }
    return used_before;
  }

  void ask_again(const Indices& chosen) {
    for (const std::size_t index : chosen) {
      questions_[index] = asked_again(questions_[index]);
    }
  }

  [[nodiscard]] std::vector<Answer<Appraisal>> answers() && { return std::move(answers_); }

 private:
  void appraise(const PolicyRef& policy, const Indices& indices) {
    const auto verifier = core_.policies.verifier(policy);
    const Instant now = core_.now();
    std::vector<Evidence> evidence;
    std::vector<Challenge> challenges;
    for (const std::size_t index : indices) {
      evidence.push_back({requests_[index].report});
      challenges.push_back(questions_[index].asked.at(questions_[index].time));
    }
    std::vector<Verdict> verdicts;
    if (verifier) {
      verdicts = (*verifier)->verify_batch(evidence, challenges, now);
    }
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const std::size_t index = indices[i];
      answers_[index] =
          verifier ? appraisal_of(core_, options_, questions_[index], requests_[index].report,
                                  origins_[index], std::move(verdicts[i]), now)
                   : fail(verifier.error());
    }
  }

  Core& core_;
  const ServiceOptions& options_;
  const std::vector<VerificationRequest>& requests_;
  const std::vector<Origin>& origins_;
  std::vector<Question> questions_;
  std::vector<Answer<Appraisal>> answers_;
};

}  // namespace

std::vector<Answer<Appraisal>> verify_all(Core& core, const ServiceOptions& options,
                                          const std::vector<VerificationRequest>& requests,
                                          const std::vector<Origin>& origins) {
  KEYSTONE_ASSERT(requests.size() == origins.size());
  Indices all(requests.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  Verification verification(core, options, requests, origins);
  const Indices used_before = verification.settle(verification.appraise(all));
  verification.ask_again(used_before);
  (void)verification.settle(verification.appraise(used_before));  // these use nothing up
  return std::move(verification).answers();
}

}  // namespace keystone::server
