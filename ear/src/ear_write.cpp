// SPDX-License-Identifier: Apache-2.0
#include "ear_names.hpp"
#include "keystone/base/base64.hpp"
#include "strict_json.hpp"

namespace keystone {
namespace {

using detail::EarNames;
using detail::Json;

// A claim of 0 says nothing, and is left out.
Json json_of(const TrustVector& claims) {
  Json json = Json::object();
  for (const TrustClaim claim : kAllTrustClaims) {
    if (claims[claim] != 0) {
      json[std::string(to_string(claim))] = claims[claim];
    }
  }
  return json;
}

Json json_of(const EarSubmod& submod, const EarNames& names) {
  Json json = {{names.status, to_string(submod.status)}, {names.vector, json_of(submod.claims)}};
  if (!submod.policy_ids.empty()) {
    const Json ids = submod.policy_ids;
    json[std::string(names.policy)] = names.policy_is_array ? ids : ids.front();
  }
  return json;
}

Json json_of(const std::vector<EarFinding>& findings) {
  Json json = Json::array();
  for (const EarFinding& finding : findings) {
    json.push_back(
        {{"check", finding.check}, {"result", finding.result}, {"reason", finding.reason}});
  }
  return json;
}

}  // namespace

std::string to_json(const AttestationResult& result, EarForm form) {
  const bool is_draft = form == EarForm::draft;
  const EarNames& names = is_draft ? detail::kDraftNames : detail::kDeployedNames;
  Json json = {{"eat_profile", is_draft ? kEarProfileDraft : kEarProfileDeployed},
               {"iat", result.issued.time_since_epoch().count()},
               {names.verifier_id,
                {{"developer", result.verifier.developer}, {"build", result.verifier.build}}},
               {"submods", Json::object()}};
  for (const auto& [name, submod] : result.submods) {
    json["submods"][name] = json_of(submod, names);
  }
  if (result.expires) {
    json["exp"] = result.expires->time_since_epoch().count();
  }
  if (result.nonce) {
    json["eat_nonce"] = base64::encode(*result.nonce, base64::Form::url);
  }
  if (!result.findings.empty()) {
    json[std::string(detail::kFindingsName)] = json_of(result.findings);
  }
  return detail::one_line(json);
}

}  // namespace keystone
