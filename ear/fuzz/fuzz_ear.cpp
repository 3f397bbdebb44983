// SPDX-License-Identifier: Apache-2.0
// What reads as a result reads as the same one after it was written, in either form; and what is
// contraindicated somewhere is never accepted.
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"
#include "keystone/ear/ear.hpp"
#include "keystone/testing/fuzz.hpp"

void keystone::fuzz(ByteView input) {
  const auto result = parse_ear({reinterpret_cast<const char*>(input.data()), input.size()});
  if (!result) {
    const std::string& message = result.error().message;
    KEYSTONE_ASSERT(!message.empty() && printable(message, message.size()) == message);
    return;
  }
  for (const auto& [name, submod] : result->submods) {
    const bool is_bad = submod.status == TrustTier::contraindicated ||
                        submod.claims.tier() == TrustTier::contraindicated;
    KEYSTONE_ASSERT(!is_bad || !result->accepted());
  }
  const auto draft = parse_ear(to_json(*result, EarForm::draft));
  KEYSTONE_ASSERT(draft && *draft == *result);
  AttestationResult short_policies = *result;  // the deployed form has room for one
  for (auto& [name, submod] : short_policies.submods) {
    submod.policy_ids.resize(submod.policy_ids.empty() ? 0 : 1);
  }
  const auto deployed = parse_ear(to_json(*result, EarForm::deployed));
  KEYSTONE_ASSERT(deployed && *deployed == short_policies);
}
