// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "site.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::testing {

// A site with a policy, and a request that it accepts.
class Verify : public ::testing::Test {
 protected:
  Verify() { site.put_policy(); }

  Reply verify(const std::string& body, const char* type = "application/json") {
    return site.ask_as(server::Role::verifier, "POST", "/v1/verify",
                       {body, {{"Content-Type", type}}});
  }
  Reply verify(const Json& body) { return verify(body.dump()); }

  // The request that is accepted, until a test changes it.
  Json good() const { return verification(site.attester.report(nonce), nonce); }

  Site site;
  const std::array<std::uint8_t, 32> nonce = bytes_for<32>("nonce");
};

// The words of the checks that failed.
inline std::vector<std::string> failed(const Json& verdict) {
  std::vector<std::string> checks;
  for (const Json& finding : verdict.at("findings")) {
    if (finding.at("result") == "failed") {
      checks.push_back(finding.at("check"));
    }
  }
  return checks;
}

}  // namespace keystone::testing
