// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/core.hpp"
#include "keystone/report/report.hpp"

#include <string>
#include <vector>

// From evidence to a result that is on record.
namespace keystone::server {

// What a report answers.
struct Question {
  Challenge asked;                  // without its time
  ChallengeTime time;               // whose standing is as far as is known without the store
  std::vector<std::uint8_t> nonce;  // what `eat_nonce` says, 8 to 64 bytes
  std::vector<Spend> spends;        // what an answer uses up
  PolicyRef policy;
};

// On whose account, for the audit log.
struct Origin {
  std::string request_id;
  std::string actor;
  std::string session;    // its serial, or empty
  std::string result_id;  // that the result is to have
};

// A verdict, and what is to be written before anybody hears of it.
struct Appraisal {
  Verdict verdict;
  Settlement settlement;

  [[nodiscard]] const NewResult& result() const { return settlement.result; }
};

// What becomes of a verdict that was reached at `now`; writes nothing. 500 where nothing can be
// signed.
[[nodiscard]] Answer<Appraisal> appraisal_of(const Core& core, const ServiceOptions& options,
                                             const Question& question, const Report& report,
                                             const Origin& origin, Verdict verdict, Instant now);

// Verifies as well, and has the appraisal on record; absent: what it uses up was used before, and
// nothing of it was written. It is by the documents as they are when it is written, or by those
// that were there a moment before. 503 where the store cannot be used, 500 where nothing can be
// signed.
[[nodiscard]] Answer<std::optional<Appraisal>> appraise_and_settle(Core& core,
                                                                   const ServiceOptions& options,
                                                                   const Question& question,
                                                                   const Report& report,
                                                                   const Origin& origin);

// The same question, when it turned out that it was answered before: nothing is used up any more,
// and freshness fails.
[[nodiscard]] Question asked_again(const Question& question);

// Writes the appraisals, and says of each whether it is on record (false: what it uses up was used
// before, and nothing of it was written). 503 where that cannot be known.
[[nodiscard]] Answer<std::vector<bool>> settle(Core& core,
                                               const std::vector<const Appraisal*>& appraisals);

// Until when a nonce that is used up now is remembered.
[[nodiscard]] Instant remembered_until(const Core& core, const ServiceOptions& options);

}  // namespace keystone::server
