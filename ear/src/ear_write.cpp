// SPDX-License-Identifier: Apache-2.0
#include "ear_names.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/base/json_writer.hpp"

namespace keystone {
namespace {

using detail::EarNames;

constexpr std::size_t kUsualSize = 1536;  // bytes

// A claim of 0 says nothing, and is left out.
void write(JsonWriter& json, const TrustVector& claims) {
  json.begin_object();
  for (const TrustClaim claim : kAllTrustClaims) {
    if (claims[claim] != 0) {
      json.number_at(to_string(claim), claims[claim]);
    }
  }
  json.end_object();
}

void write_policy(JsonWriter& json, const std::vector<std::string>& ids, const EarNames& names) {
  json.key(names.policy);
  if (!names.policy_is_array) {
    json.text(ids.front());
    return;
  }
  json.begin_array();
  for (const std::string& id : ids) {
    json.text(id);
  }
  json.end_array();
}

void write(JsonWriter& json, const EarSubmod& submod, const EarNames& names) {
  json.begin_object();
  if (!submod.policy_ids.empty()) {
    write_policy(json, submod.policy_ids, names);
  }
  json.text_at(names.status, to_string(submod.status));
  json.key(names.vector);
  write(json, submod.claims);
  json.end_object();
}

void write(JsonWriter& json, const EarVerifierId& verifier) {
  json.begin_object();
  json.text_at("build", verifier.build);
  json.text_at("developer", verifier.developer);
  json.end_object();
}

void write(JsonWriter& json, const std::vector<EarFinding>& findings) {
  json.begin_array();
  for (const EarFinding& finding : findings) {
    json.begin_object();
    json.text_at("check", finding.check);
    json.text_at("reason", finding.reason);
    json.text_at("result", finding.result);
    json.end_object();
  }
  json.end_array();
}

void write(JsonWriter& json, const std::map<std::string, EarSubmod>& submods,
           const EarNames& names) {
  json.begin_object();
  for (const auto& [name, submod] : submods) {
    json.key(name);
    write(json, submod, names);
  }
  json.end_object();
}

}  // namespace

std::string to_json(const AttestationResult& result, EarForm form) {
  const bool is_draft = form == EarForm::draft;
  const EarNames& names = is_draft ? detail::kDraftNames : detail::kDeployedNames;
  JsonWriter json(JsonLayout::one_line, kUsualSize);
  json.begin_object();
  json.key(names.verifier_id);
  write(json, result.verifier);
  if (result.nonce) {
    json.text_at("eat_nonce", base64::encode(*result.nonce, base64::Form::url));
  }
  json.text_at("eat_profile", is_draft ? kEarProfileDraft : kEarProfileDeployed);
  if (result.expires) {
    json.number_at("exp", result.expires->time_since_epoch().count());
  }
  json.number_at("iat", result.issued.time_since_epoch().count());
  if (!result.findings.empty()) {
    json.key(detail::kFindingsName);
    write(json, result.findings);
  }
  json.key("submods");
  write(json, result.submods, names);
  json.end_object();
  return std::move(json).take();
}

}  // namespace keystone
