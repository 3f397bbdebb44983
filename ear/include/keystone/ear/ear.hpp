// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/ear/trust.hpp"
#include "keystone/verifier/verdict.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// EAT Attestation Results (EAR): what a relying party is told of an appraisal. The claims only; a
// token around them is JWS (ear/jws.hpp).
namespace keystone {

enum class EarForm : std::uint8_t {
  deployed,  // as veraison/ear and its clients have it: ear.status, and so on
  draft,     // draft-ietf-rats-ear-03: ear_status, and so on
};

// The profiles that results name.
inline constexpr std::string_view kEarProfileDeployed = "tag:github.com,2023:veraison/ear";
inline constexpr std::string_view kEarProfileDraft = "tag:ietf.org,2026:rats/ear#03";

// The longest text of a result, in bytes.
inline constexpr std::size_t kMaxEar = std::size_t{128} * 1024;

// Which software appraised.
struct EarVerifierId {
  std::string developer;
  std::string build;
  friend bool operator==(const EarVerifierId&, const EarVerifierId&) = default;
};

// The appraisal of one part of an attester.
struct EarSubmod {
  TrustTier status = TrustTier::none;
  TrustVector claims;
  std::vector<std::string> policy_ids;  // the deployed form has at most one
  friend bool operator==(const EarSubmod&, const EarSubmod&) = default;
};

// One of ours, as the claim keystone.findings has it: the words of check and result, and why
// (docs/verdicts.md). Of another verifier it may be any text.
struct EarFinding {
  std::string check;
  std::string result;
  std::string reason;
  friend bool operator==(const EarFinding&, const EarFinding&) = default;
};

struct AttestationResult {
  Instant issued;
  std::optional<Instant> expires;  // the first second in which it counts no more
  EarVerifierId verifier;
  std::optional<std::vector<std::uint8_t>> nonce;  // 8 to 64 bytes
  std::map<std::string, EarSubmod> submods;        // not empty
  std::vector<EarFinding> findings;                // empty: it has none

  // `contraindicated` if that is said of any part, by status or by claim; else `none` if a part has
  // no status; else the worst that is said of any.
  [[nodiscard]] TrustTier overall() const;

  // Whether the verifier accepted: overall() is `affirming`, or `warning` where a policy waived a
  // check.
  [[nodiscard]] bool accepted() const;

  friend bool operator==(const AttestationResult&, const AttestationResult&) = default;
};

// What a result says beside the verdict.
struct EarContext {
  Instant issued;
  std::chrono::seconds lifetime{300};  // positive
  EarVerifierId verifier;
  std::string policy_id;            // of the policy that the verdict is by
  std::vector<std::uint8_t> nonce;  // that the attester was asked for, 8 to 64 bytes
};

// The result of a verdict, with the submods `platform`, `sm` and `enclave`. A verdict that rejects
// is contraindicated in every submod. Claims:
//
//   a signature that does not verify, a nonce that does not match,
//   a challenge that is not fresh, no root of trust                every claim 99
//   device key       registered 2, unknown 97, revoked or not valid now 96  platform,
//   instance-identity test device key or weak SM key   96, waived 32                 platform,
//   hardware SM hash          expected 3, unknown 33, revoked or not valid now 96    sm,
//   executables enclave hash     likewise                                      enclave, executables
//
// A waived hash counts as unknown. Of all else nothing is claimed (0).
[[nodiscard]] AttestationResult ear_of(const Verdict& verdict, const EarContext& context);

// The claims as JSON on one line, without a line feed. Text that is not UTF-8 shows as U+FFFD.
[[nodiscard]] std::string to_json(const AttestationResult& result, EarForm form);

// Reads a result in either form, by its profile; of drafts, any number. Claims that are known must
// be of their types, and others are ignored. `malformed` with the path of the place, or
// `limit_exceeded`. It says nothing about who wrote the text, nor whether it still counts.
[[nodiscard]] Result<AttestationResult> parse_ear(std::string_view text);

}  // namespace keystone
