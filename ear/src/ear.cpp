// SPDX-License-Identifier: Apache-2.0
// What a verdict becomes. The values are those of AR4SI (draft-ietf-rats-ar4si, section 2.3.4).
#include "keystone/ear/ear.hpp"

#include <algorithm>

namespace keystone {
namespace {

constexpr std::int8_t kRecognised = 2;      // of an instance
constexpr std::int8_t kApprovedAtBoot = 3;  // of executables
constexpr std::int8_t kTolerated = 32;      // of hardware: insecure, and known to be
constexpr std::int8_t kUnknownExecutable = 33;
constexpr std::int8_t kContraindicated = 96;
constexpr std::int8_t kUnknownInstance = 97;
constexpr std::int8_t kCryptographyFailed = 99;

const Finding& of(const Findings& findings, Check check) {
  return findings[static_cast<std::size_t>(check)];
}

CheckResult result_of(const Findings& findings, Check check) {
  return of(findings, check).result;
}

bool is_let_pass(const Findings& findings, Check check) {
  const CheckResult result = result_of(findings, check);
  return result == CheckResult::passed || result == CheckResult::waived;
}

// Of a device that nobody registered, no signature is asked about: what fails is the registration.
bool is_signature_wrong(const Findings& findings) {
  const Finding& of_device = of(findings, Check::sm_signature);
  const bool has_no_key =
      of_device.result == CheckResult::not_evaluated && of_device.reason == "no_device_key";
  return result_of(findings, Check::enclave_signature) != CheckResult::passed ||
         (of_device.result != CheckResult::passed && !has_no_key);
}

// Nothing in the evidence can be believed, or it is not for this challenge.
bool is_worthless(const Findings& findings) {
  return is_signature_wrong(findings) ||
         result_of(findings, Check::root_of_trust) != CheckResult::passed ||
         !is_let_pass(findings, Check::report_data) || !is_let_pass(findings, Check::freshness);
}

std::int8_t instance_identity(const Finding& device_key) {
  if (device_key.result == CheckResult::passed) {
    return kRecognised;
  }
  return device_key.reason == "not_registered" ? kUnknownInstance : kContraindicated;
}

// Nothing is claimed of hardware without a known flaw: that it is genuine, no report says.
std::int8_t hardware(CheckResult test_key, CheckResult key_strength) {
  const auto either = [&](CheckResult result) {
    return test_key == result || key_strength == result;
  };
  if (either(CheckResult::failed) || either(CheckResult::not_evaluated)) {
    return kContraindicated;
  }
  return either(CheckResult::waived) ? kTolerated : std::int8_t{0};
}

std::int8_t executables(const Finding& hash) {
  if (hash.result == CheckResult::passed) {
    return kApprovedAtBoot;
  }
  const bool is_unknown = hash.result == CheckResult::waived || hash.reason == "not_expected";
  return is_unknown ? kUnknownExecutable : kContraindicated;
}

std::map<std::string, TrustVector> claims_of(const Findings& findings) {
  if (is_worthless(findings)) {
    const TrustVector failed = TrustVector::all(kCryptographyFailed);
    return {{"platform", failed}, {"sm", failed}, {"enclave", failed}};
  }
  std::map<std::string, TrustVector> claims;
  TrustVector& platform = claims["platform"];
  platform[TrustClaim::instance_identity] = instance_identity(of(findings, Check::device_key));
  platform[TrustClaim::hardware] = hardware(result_of(findings, Check::test_device_key),
                                            result_of(findings, Check::sm_key_strength));
  claims["sm"][TrustClaim::executables] = executables(of(findings, Check::sm_hash));
  claims["enclave"][TrustClaim::executables] = executables(of(findings, Check::enclave_hash));
  return claims;
}

TrustTier tier_of(const EarSubmod& submod) {
  const TrustTier by_claims = submod.claims.tier();
  if (by_claims == TrustTier::contraindicated || submod.status == TrustTier::none) {
    return by_claims == TrustTier::contraindicated ? by_claims : TrustTier::none;
  }
  return std::max(submod.status, by_claims);
}

}  // namespace

TrustTier AttestationResult::overall() const {
  TrustTier worst = submods.empty() ? TrustTier::none : TrustTier::affirming;
  bool has_none = submods.empty();
  for (const auto& [name, submod] : submods) {
    const TrustTier tier = tier_of(submod);
    worst = std::max(worst, tier);
    has_none = has_none || tier == TrustTier::none;
  }
  return has_none && worst != TrustTier::contraindicated ? TrustTier::none : worst;
}

bool AttestationResult::accepted() const {
  const TrustTier tier = overall();
  return tier == TrustTier::affirming || tier == TrustTier::warning;
}

AttestationResult ear_of(const Verdict& verdict, const EarContext& context) {
  const Findings findings = verdict.findings();
  AttestationResult result{
      context.issued, context.issued + context.lifetime, context.verifier, context.nonce, {}, {}};
  for (const auto& [name, claims] : claims_of(findings)) {
    const TrustTier status = verdict.accepted() ? claims.tier() : TrustTier::contraindicated;
    result.submods[name] = {status, claims, {context.policy_id}};
  }
  result.findings.reserve(findings.size());
  for (const Finding& finding : findings) {
    result.findings.push_back({std::string(to_string(finding.check)),
                               std::string(to_string(finding.result)), finding.reason});
  }
  return result;
}

}  // namespace keystone
