// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/check.hpp"

#include "keystone/testing/fails_with.hpp"

#include <set>

namespace keystone {
namespace {

using testing::fails_with;

TEST(Check, HasTheWordsThatPoliciesAndVerdictsUse) {
  const std::array<std::string_view, kCheckCount> words = {
      "root_of_trust", "device_key",        "test_device_key", "sm_signature", "sm_key_strength",
      "sm_hash",       "enclave_signature", "enclave_hash",    "report_data",  "freshness"};
  for (std::size_t i = 0; i < kCheckCount; ++i) {
    EXPECT_EQ(to_string(kAllChecks[i]), words[i]);
    EXPECT_EQ(static_cast<std::size_t>(kAllChecks[i]), i);
  }
}

TEST(Check, IsFoundByItsWord) {
  for (const Check check : kAllChecks) {
    EXPECT_EQ(parse_check("check", to_string(check)).value(), check);
  }
}

TEST(Check, IsNotFoundByAnyOtherSpelling) {
  for (const std::string_view word :
       {"", "Freshness", "freshness ", " freshness", "fresh", "sm-hash", "sm_hash\n", "all"}) {
    EXPECT_TRUE(fails_with(parse_check("--waive", word), ErrorCode::usage, "--waive: ")) << word;
  }
}

TEST(Check, OffersTheWordThatIsNear) {
  const auto result = parse_check("check", "freshnes");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().hint.find("freshness"), std::string::npos);
}

TEST(Check, CannotBeWaivedWhereNothingElseWouldBeWorthAnything) {
  std::set<Check> fixed;
  for (const Check check : kAllChecks) {
    if (!is_waivable(check)) {
      fixed.insert(check);
    }
  }
  EXPECT_EQ(fixed, (std::set{Check::root_of_trust, Check::device_key, Check::sm_signature,
                             Check::enclave_signature}));
}

}  // namespace
}  // namespace keystone
