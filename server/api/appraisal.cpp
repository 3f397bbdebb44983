// SPDX-License-Identifier: Apache-2.0
#include "api/appraisal.hpp"

#include "api/json_text.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

constexpr std::size_t kUsualEvent = 1024;  // bytes
constexpr std::string_view kDeveloper = "keystone-attest";

bool passed(const Verdict& verdict, Check check) {
  return verdict.result(check) == CheckResult::passed;
}

std::vector<std::string> words_of(const std::vector<Check>& checks) {
  std::vector<std::string> words;
  for (const Check check : checks) {
    words.emplace_back(to_string(check));
  }
  return words;
}

std::string policy_id(const PolicyRef& policy) {
  return policy.revision == 0 ? "none" : policy.name + "@" + std::to_string(policy.revision);
}

Answer<std::string> sign_ear(const Core& core, const ServiceOptions& options,
                             const Question& question, const Verdict& verdict, Instant now) {
  const EarContext context{now,
                           options.result_lifetime,
                           {std::string(kDeveloper), core.parts.version},
                           policy_id(question.policy),
                           question.nonce};
  KEYSTONE_TRY(auto token,
               core.parts.signer->sign(to_json(ear_of(verdict, context), options.ear_form)));
  return token;
}

// What a report says counts only as far as somebody signed it.
void add_identities(const Verdict& verdict, const Report& report, NewResult& result) {
  if (!passed(verdict, Check::sm_signature)) {
    return;
  }
  result.device = report.claimed_device_key().hex();
  result.sm = report.sm_hash().hex();
  if (passed(verdict, Check::enclave_signature)) {
    result.enclave = report.enclave_hash().hex();
  }
}

AuditEvent event_of(const Verdict& verdict, const Question& question, const Origin& origin,
                    const NewResult& result) {
  JsonText body(kUsualEvent);
  body.add("result", result.id);
  body.add("request", origin.request_id);
  body.add("session", origin.session);
  body.add("accepted", result.accepted);
  body.add("failed", words_of(verdict.with(CheckResult::failed)));
  body.add("waived", words_of(verdict.with(CheckResult::waived)));
  body.add("not_evaluated", words_of(verdict.with(CheckResult::not_evaluated)));
  body.add("device", result.device);
  body.add("sm", result.sm);
  body.add("enclave", result.enclave);
  body.add("policy", result.policy);
  body.add("policy_revision", result.policy_revision);
  body.add("nonce", hex::encode(question.nonce));
  return {result.time, "verdict", origin.actor, std::move(body).object()};
}

Answer<std::vector<Settled>> settle_each(Core& core,
                                         const std::vector<const Appraisal*>& appraisals) {
  std::vector<const Settlement*> settlements;
  settlements.reserve(appraisals.size());
  for (const Appraisal* const appraisal : appraisals) {
    settlements.push_back(&appraisal->settlement);
  }
  KEYSTONE_TRY(auto settled, stored(core.store().settle(settlements)));
  if (settled.size() != appraisals.size()) {
    return fail(unavailable(Error(ErrorCode::internal, "settle: got another number of answers")));
  }
  for (std::size_t i = 0; i < settled.size(); ++i) {
    if (settled[i] == Settled::recorded) {
      core.metrics.count_verdict(appraisals[i]->verdict);
    } else if (settled[i] == Settled::spent_before) {
      core.metrics.count_replay();
    }
  }
  return settled;
}

}  // namespace

Instant remembered_until(const Core& core, const ServiceOptions& options) {
  return core.now() + options.nonce_retention;
}

Answer<Appraisal> appraisal_of(const Core& core, const ServiceOptions& options,
                               const Question& question, const Report& report, const Origin& origin,
                               Verdict verdict, Instant now) {
  KEYSTONE_TRY(auto ear, sign_ear(core, options, question, verdict, now));
  NewResult result{origin.result_id,
                   now,
                   verdict.accepted(),
                   {},
                   {},
                   {},
                   question.policy.name,
                   question.policy.revision,
                   std::move(ear),
                   to_json(verdict, JsonLayout::one_line),
                   report.encode_compact()};
  add_identities(verdict, report, result);
  AuditEvent event = event_of(verdict, question, origin, result);
  return Appraisal{std::move(verdict), {question.spends, std::move(result), std::move(event)}};
}

Answer<std::optional<Appraisal>> appraise_and_settle(Core& core, const ServiceOptions& options,
                                                     const Question& question, const Report& report,
                                                     const Origin& origin) {
  const auto appraise_by = [&](const Verifier& verifier) {
    const Instant now = core.now();
    Verdict verdict = verifier.verify({report}, question.asked.at(question.time), now);
    return appraisal_of(core, options, question, report, origin, std::move(verdict), now);
  };
  KEYSTONE_TRY(const auto known, core.policies.known_verifier(question.policy));
  KEYSTONE_TRY(auto appraisal, appraise_by(*known.verifier));
  appraisal.settlement.revision = known.revision;
  KEYSTONE_TRY(auto settled, settle_each(core, {&appraisal}));
  if (settled.front() == Settled::outdated) {
    KEYSTONE_TRY(const auto verifier, core.policies.verifier(question.policy));
    KEYSTONE_TRY(appraisal, appraise_by(*verifier));
    KEYSTONE_TRY(settled, settle_each(core, {&appraisal}));
  }
  return settled.front() == Settled::recorded ? std::optional(std::move(appraisal)) : std::nullopt;
}

Question asked_again(const Question& question) {
  Question again = question;
  again.time.standing = ChallengeTime::Standing::used_before;
  again.spends.clear();
  return again;
}

Answer<std::vector<bool>> settle(Core& core, const std::vector<const Appraisal*>& appraisals) {
  KEYSTONE_TRY(const auto settled, settle_each(core, appraisals));
  std::vector<bool> recorded(settled.size());
  std::transform(settled.begin(), settled.end(), recorded.begin(),
                 [](Settled one) { return one == Settled::recorded; });
  return recorded;
}

}  // namespace keystone::server
