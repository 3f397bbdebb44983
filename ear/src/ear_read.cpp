// SPDX-License-Identifier: Apache-2.0
#include "ear_names.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/base/text.hpp"
#include "strict_json.hpp"

#include <limits>

namespace keystone {
namespace {

using detail::EarNames;
using detail::Json;

constexpr std::string_view kAnyDraft = "tag:ietf.org,2026:rats/ear#";
constexpr std::size_t kMinNonce = 8;  // bytes: RFC 9711, section 4.1
constexpr std::size_t kMaxNonce = 64;

Result<const EarNames*> names_of(const Json& json) {
  KEYSTONE_TRY(const auto profile, detail::text_at(json, "", "eat_profile"));
  if (profile == kEarProfileDeployed) {
    return &detail::kDeployedNames;
  }
  const bool is_draft =
      profile.starts_with(kAnyDraft) && profile.size() > kAnyDraft.size() &&
      profile.find_first_not_of("0123456789", kAnyDraft.size()) == std::string::npos;
  if (!is_draft) {
    return fail(ErrorCode::malformed, "eat_profile: got '" + printable(profile) + "', want '" +
                                          std::string(kEarProfileDeployed) + "' or '" +
                                          std::string(kAnyDraft) + "' and a number");
  }
  return &detail::kDraftNames;
}

Result<EarVerifierId> read_verifier(const Json& json, const EarNames& names) {
  const std::string path(names.verifier_id);
  KEYSTONE_TRY(const auto id, detail::object_at(json, "", names.verifier_id));
  EarVerifierId verifier;
  KEYSTONE_TRY(verifier.developer, detail::text_at(id, path, "developer"));
  KEYSTONE_TRY(verifier.build, detail::text_at(id, path, "build"));
  return verifier;
}

Result<std::int8_t> read_claim(const Json& value, const std::string& path) {
  using Limits = std::numeric_limits<std::int8_t>;
  // Of the library's kinds of numbers, a float that happens to be whole is none of these.
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= std::uint64_t{Limits::max()}
                        : value.is_number_integer() && value.get<std::int64_t>() >= Limits::min();
  if (!fits) {
    return detail::wrong_claim(path, "a whole number from -128 to 127");
  }
  return static_cast<std::int8_t>(value.get<std::int64_t>());
}

Result<TrustVector> read_vector(const Json& json, const std::string& path) {
  if (!json.is_object()) {
    return detail::wrong_claim(path, "an object");
  }
  TrustVector vector;
  for (const TrustClaim claim : kAllTrustClaims) {
    const std::string name(to_string(claim));
    if (json.contains(name)) {
      KEYSTONE_TRY(vector[claim], read_claim(json[name], detail::path_of(path, name)));
    }
  }
  return vector;
}

Result<std::vector<std::string>> read_policies(const Json& json, const EarNames& names,
                                               const std::string& path) {
  const std::string name(names.policy);
  std::vector<std::string> ids;
  if (!json.contains(name)) {
    return ids;
  }
  const Json list = names.policy_is_array ? json[name] : Json::array({json[name]});
  if (!list.is_array()) {
    return detail::wrong_claim(detail::path_of(path, name), "an array");
  }
  for (const Json& id : list) {
    if (!id.is_string()) {
      return detail::wrong_claim(detail::path_of(path, name), "text");
    }
    ids.push_back(id.get<std::string>());
  }
  return ids;
}

Result<EarSubmod> read_submod(const Json& json, const EarNames& names, const std::string& path) {
  if (!json.is_object()) {
    return detail::wrong_claim(path, "an object");
  }
  EarSubmod submod;
  KEYSTONE_TRY(const auto status, detail::text_at(json, path, names.status));
  KEYSTONE_TRY(submod.status, parse_trust_tier(detail::path_of(path, names.status), status));
  const std::string vector(names.vector);
  if (json.contains(vector)) {
    KEYSTONE_TRY(submod.claims, read_vector(json[vector], detail::path_of(path, vector)));
  }
  KEYSTONE_TRY(submod.policy_ids, read_policies(json, names, path));
  return submod;
}

Result<std::map<std::string, EarSubmod>> read_submods(const Json& json, const EarNames& names) {
  KEYSTONE_TRY(const auto list, detail::object_at(json, "", "submods"));
  std::map<std::string, EarSubmod> submods;
  for (const auto& [name, value] : list.items()) {
    KEYSTONE_TRY(submods[name], read_submod(value, names, detail::path_of("submods", name)));
  }
  if (submods.empty()) {
    return detail::wrong_claim("submods", "at least one");
  }
  return submods;
}

// Padded as some write it, and as the standard has it.
Result<std::optional<std::vector<std::uint8_t>>> read_nonce(const Json& json) {
  std::optional<std::vector<std::uint8_t>> nonce;
  if (!json.contains("eat_nonce")) {
    return nonce;
  }
  KEYSTONE_TRY(const auto text, detail::text_at(json, "", "eat_nonce"));
  const auto form = text.ends_with('=') ? base64::Form::url_padded : base64::Form::url;
  KEYSTONE_TRY(nonce, base64::decode("eat_nonce", text, form));
  if (nonce->size() < kMinNonce || nonce->size() > kMaxNonce) {
    return fail(ErrorCode::malformed,
                "eat_nonce: got " + std::to_string(nonce->size()) + " bytes, want 8 to 64");
  }
  return nonce;
}

Result<std::vector<EarFinding>> read_findings(const Json& json) {
  const std::string name(detail::kFindingsName);
  std::vector<EarFinding> findings;
  if (!json.contains(name)) {
    return findings;
  }
  if (!json[name].is_array()) {
    return detail::wrong_claim(name, "an array");
  }
  for (const Json& element : json[name]) {
    const std::string path = name + "[" + std::to_string(findings.size()) + "]";
    if (!element.is_object()) {
      return detail::wrong_claim(path, "an object");
    }
    EarFinding finding;
    KEYSTONE_TRY(finding.check, detail::text_at(element, path, "check"));
    KEYSTONE_TRY(finding.result, detail::text_at(element, path, "result"));
    KEYSTONE_TRY(finding.reason, detail::text_at(element, path, "reason"));
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

Result<AttestationResult> parse_ear(std::string_view text) {
  KEYSTONE_TRY(const auto json, detail::read_claims(text, kMaxEar));
  KEYSTONE_TRY(const auto* const names, names_of(json));
  AttestationResult result;
  KEYSTONE_TRY(const auto issued, detail::time_if_there(json, "", "iat"));
  if (!issued) {
    return fail(ErrorCode::malformed, "iat: missing");
  }
  result.issued = Instant(std::chrono::seconds(*issued));
  KEYSTONE_TRY(const auto expires, detail::time_if_there(json, "", "exp"));
  if (expires) {
    result.expires = Instant(std::chrono::seconds(*expires));
  }
  KEYSTONE_TRY(result.verifier, read_verifier(json, *names));
  KEYSTONE_TRY(result.nonce, read_nonce(json));
  KEYSTONE_TRY(result.submods, read_submods(json, *names));
  KEYSTONE_TRY(result.findings, read_findings(json));
  return result;
}

}  // namespace keystone
