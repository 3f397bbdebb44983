// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "judgement.hpp"
#include "keystone/crypto/signature.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/challenge.hpp"
#include "keystone/verifier/policy.hpp"
#include "keystone/verifier/verdict.hpp"

#include <array>

namespace keystone::detail {

// What became of the two signatures of a report.
struct SignatureAnswers {
  Result<SignatureResult>
      sm_part;  // under Appraisal::sm_part_key(); not looked at where that is null
  Result<SignatureResult> enclave;  // under the SM key of the report
};

// The questions about one report, each a function of its own. Refers to all that it is made of.
class Appraisal {
 public:
  Appraisal(const Policy& policy, const Report& report, const Challenge& challenge, Instant now);

  // The registered key under which the SM part is to be verified; null where there is nothing to go
  // by.
  [[nodiscard]] const DevicePublicKey* sm_part_key() const;

  // Whether the device that this key is of counts now: whether what it signed is vouched for.
  [[nodiscard]] bool is_device_in_force() const { return device_.reason.empty(); }

  // One finding for each check, by the checks' number.
  [[nodiscard]] std::array<Finding, kCheckCount> findings(const SignatureAnswers& answers) const;

 private:
  [[nodiscard]] Judgement judge(Check check, const SignatureAnswers& answers) const;

  // The word for what is missing of the SM part, or an empty one.
  [[nodiscard]] std::string_view missing_root() const;

  [[nodiscard]] Judgement root_of_trust() const;
  [[nodiscard]] Judgement test_device_key() const;
  [[nodiscard]] Judgement sm_signature(const Result<SignatureResult>& answer) const;
  [[nodiscard]] Judgement sm_key_strength() const;

  const Policy& policy_;
  const Report& report_;
  const Challenge& challenge_;
  Instant now_;
  Selection<RegisteredDevice> device_;
};

}  // namespace keystone::detail
