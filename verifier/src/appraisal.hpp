// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/challenge.hpp"
#include "keystone/verifier/policy.hpp"
#include "keystone/verifier/verdict.hpp"
#include "values.hpp"

#include <array>
#include <memory>

namespace keystone::detail {

// What became of the two signatures of a report.
struct SignatureAnswers {
  Result<SignatureResult>
      sm_part;  // under Appraisal::sm_part_key(); not looked at where that is null
  Result<SignatureResult> enclave;  // under the SM key of the report
};

// The questions about one report, each a function of its own. Immutable; shares the policy
// and the bytes of report and challenge with those who made it.
class Appraisal {
 public:
  Appraisal(std::shared_ptr<const Policy> policy, Report report, Challenge challenge, Instant now);

  Appraisal(const Appraisal&) = delete;  // verdicts share one
  Appraisal& operator=(const Appraisal&) = delete;

  [[nodiscard]] const Report& report() const { return report_; }

  // The registered key under which the SM part is to be verified; null where there is nothing to go
  // by.
  [[nodiscard]] const DevicePublicKey* sm_part_key() const;

  // Whether the device that this key is of counts now: whether what it signed is vouched for.
  [[nodiscard]] bool is_device_in_force() const { return device_.reason.empty(); }

  // One decision for each check, by the checks' number.
  [[nodiscard]] Decisions decide(const SignatureAnswers& answers) const;

  // The finding for one of these decisions.
  [[nodiscard]] Finding finding(Check check, const Decision& decision) const;

 private:
  [[nodiscard]] Decision decide(Check check, const SignatureAnswers& answers) const;
  [[nodiscard]] Decision decide_sm_signature(const Result<SignatureResult>& answer) const;
  [[nodiscard]] Decision decide_sm_key_strength() const;

  [[nodiscard]] Values values(Check check) const;
  [[nodiscard]] Values values_of_test_key() const;

  // The word for what is missing of the SM part, or an empty one.
  [[nodiscard]] std::string_view missing_root() const;

  // Whether the claim selects nothing, so that any registered key stands for the selected one, and
  // the test key is among those.
  [[nodiscard]] bool is_test_key_registered() const;
  [[nodiscard]] bool is_test_key_claimed() const;

  [[nodiscard]] Selection<ReferenceValue<SmHash>> expected_sm() const;
  [[nodiscard]] Selection<ReferenceValue<EnclaveHash>> expected_enclave() const;

  std::shared_ptr<const Policy> policy_;
  Report report_;
  Challenge challenge_;
  Instant now_;
  Selection<RegisteredDevice> device_;
};

}  // namespace keystone::detail
