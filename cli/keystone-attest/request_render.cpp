// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/request_render.hpp"

#include "common/console.hpp"
#include "common/json_text.hpp"
#include "keystone/base/hex.hpp"

namespace keystone::cli::attest {
namespace {

using Json = nlohmann::ordered_json;

std::string checks_with(const AttestationResult& result, std::string_view word) {
  std::string checks;
  for (const EarFinding& finding : result.findings) {
    if (finding.result == word) {
      checks += (checks.empty() ? "" : ", ") + finding.check;
    }
  }
  return checks;
}

// `word` as the first column.
std::string row(std::string_view word, std::string_view text) {
  constexpr std::size_t kColumn = 17;
  const std::size_t gap = word.size() < kColumn ? kColumn - word.size() : 1;
  return one_line(std::string(word) + std::string(gap, ' ') + std::string(text)) + "\n";
}

std::string claims_of(const EarSubmod& submod) {
  std::string text;
  for (const TrustClaim claim : kAllTrustClaims) {
    if (submod.claims[claim] != 0) {
      text += (text.empty() ? ": " : ", ") + std::string(to_string(claim)) + " " +
              std::to_string(submod.claims[claim]);
    }
  }
  return text;
}

Json json_of(const EarSubmod& submod) {
  Json claims = Json::object();
  for (const TrustClaim claim : kAllTrustClaims) {
    if (submod.claims[claim] != 0) {
      claims[std::string(to_string(claim))] = submod.claims[claim];
    }
  }
  return {{"status", to_string(submod.status)},
          {"claims", std::move(claims)},
          {"policies", submod.policy_ids}};
}

}  // namespace

std::string summary(const AttestationResult& result) {
  if (result.accepted()) {
    const std::string waived = checks_with(result, "waived");
    return one_line(waived.empty() ? "accepted" : "accepted (waived: " + waived + ")");
  }
  std::string failed = checks_with(result, "failed");
  if (failed.empty()) {
    failed = to_string(result.overall());
  }
  return one_line("rejected: " + failed);
}

std::string show_result(const AttestationResult& result) {
  std::string text = summary(result) + "\n";
  for (const auto& [name, submod] : result.submods) {
    text += row(to_string(submod.status), name + claims_of(submod));
  }
  for (const EarFinding& finding : result.findings) {
    text +=
        row(finding.result, finding.check + (finding.reason.empty() ? "" : ": " + finding.reason));
  }
  return text;
}

std::string show_result_json(const AttestationResult& result, std::string_view token) {
  Json json = {
      {"schema", "keystone.request/1"},
      {"accepted", result.accepted()},
      {"status", to_string(result.overall())},
      {"nonce", result.nonce ? hex::encode(*result.nonce) : ""},
      {"issued", to_string(result.issued)},
      {"expires", result.expires ? to_string(*result.expires) : ""},
      {"verifier", {{"developer", result.verifier.developer}, {"build", result.verifier.build}}},
      {"submods", Json::object()},
      {"findings", Json::array()},
      {"ear", token}};
  for (const auto& [name, submod] : result.submods) {
    json["submods"][name] = json_of(submod);
  }
  for (const EarFinding& finding : result.findings) {
    json["findings"].push_back(
        {{"check", finding.check}, {"result", finding.result}, {"reason", finding.reason}});
  }
  return json_text(json);
}

}  // namespace keystone::cli::attest
