// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/challenge.hpp"
#include "keystone/verifier/policy.hpp"
#include "keystone/verifier/verdict.hpp"

#include <array>
#include <functional>

namespace keystone::detail {

// Whether the SM part of the report verifies under that registered device key.
using VerifySmPart = std::function<Result<SignatureResult>(const DevicePublicKey&)>;

// One finding for each check, by the checks' number.
[[nodiscard]] std::array<Finding, kCheckCount> appraise(const Policy& policy, const Report& report,
                                                        const Challenge& challenge, Instant now,
                                                        const VerifySmPart& verify_sm_part);

}  // namespace keystone::detail
