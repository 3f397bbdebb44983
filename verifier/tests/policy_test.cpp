// SPDX-License-Identifier: Apache-2.0
// Policies as they are read and written. What is refused: policy_reject_test.cpp.
#include "keystone/verifier/policy.hpp"

#include "keystone/testing/fails_with.hpp"
#include "policy_example.hpp"
#include "setting.hpp"

namespace keystone {
namespace {

using testing::fails_with;
using testing::kPolicyExample;
using testing::kShortestPolicy;
using testing::seconds;

Policy parsed(std::string_view text) {
  auto policy = Policy::parse(text);
  return policy ? *std::move(policy) : throw std::runtime_error(policy.error().message);
}

TEST(Policy, ThatNobodyFilledAcceptsNothing) {
  testing::Setting setting;
  setting.policy = Policy();
  const Verdict verdict = setting.verify();
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.with(CheckResult::failed),
            (std::vector{Check::device_key, Check::sm_hash, Check::enclave_hash}));
  EXPECT_TRUE(fails_with(Policy().check_complete(), ErrorCode::malformed, "devices: missing"));
}

TEST(Policy, IsReadFieldByField) {
  const Policy policy = parsed(kPolicyExample);
  ASSERT_EQ(policy.devices.size(), 2U);
  EXPECT_EQ(policy.devices[0].name, "board-7");
  EXPECT_EQ(policy.devices[0].key.hex(), std::string(64, '1'));
  EXPECT_EQ(to_string(policy.devices[0].validity.not_before.value()), "2026-01-01T00:00:00Z");
  EXPECT_EQ(to_string(policy.devices[0].validity.not_after.value()), "2030-12-31T23:59:59Z");
  EXPECT_FALSE(policy.devices[0].revoked);
  EXPECT_EQ(policy.devices[1].name, "board-3");
  EXPECT_FALSE(policy.devices[1].validity.not_before || policy.devices[1].validity.not_after);
  EXPECT_EQ(to_string(policy.devices[1].revoked.value().at), "2026-03-01T09:00:00Z");
  EXPECT_EQ(policy.devices[1].revoked.value().reason, "lost in transport");

  ASSERT_EQ(policy.security_monitors.size(), 1U);
  EXPECT_EQ(policy.security_monitors[0].profile.value(), "generic");
  EXPECT_EQ(policy.security_monitors[0].hash.hex(), std::string(128, '2'));
  ASSERT_EQ(policy.enclaves.size(), 1U);
  EXPECT_EQ(policy.enclaves[0].name, "hello 4");
  EXPECT_FALSE(policy.enclaves[0].profile);
  EXPECT_EQ(policy.enclaves[0].hash.hex(), std::string(128, '3'));

  ASSERT_EQ(policy.waivers.all().size(), 1U);
  EXPECT_EQ(*policy.waivers.find(Check::sm_key_strength), "boards of the first series");
  EXPECT_EQ(policy.waivers.find(Check::sm_hash), nullptr);
  EXPECT_EQ(policy.max_age, seconds(300));
}

TEST(Policy, NeedsNoMoreThanItsThreeLists) {
  const Policy policy = parsed(kShortestPolicy);
  EXPECT_TRUE(policy.waivers.all().empty());
  EXPECT_FALSE(policy.max_age);
}

TEST(Policy, IsWrittenAsItWasRead) {
  for (const std::string_view text : {kPolicyExample, kShortestPolicy}) {
    const Policy policy = parsed(text);
    EXPECT_EQ(policy.serialize().value(), text);
    EXPECT_EQ(parsed(policy.serialize().value()).serialize().value(), text);
  }
}

TEST(Policy, MayHaveComments) {
  std::string text(kPolicyExample);
  text.insert(text.find("\"devices\""), "// the boards in the lab\n  ");
  text.insert(text.find("\"enclaves\""), "/* as of release 4 */ ");
  EXPECT_EQ(parsed(text).serialize().value(), kPolicyExample);
}

TEST(Policy, NeedsNoListOfHashesWhoseCheckIsWaived) {
  Policy policy = parsed(kShortestPolicy);
  policy.security_monitors.clear();
  EXPECT_TRUE(
      fails_with(policy.check_complete(), ErrorCode::malformed, "security_monitors: missing"));
  ASSERT_TRUE(policy.waivers.add(Check::sm_hash, "any firmware"));
  EXPECT_TRUE(policy.check_complete());
  policy.enclaves.clear();
  EXPECT_TRUE(fails_with(policy.check_complete(), ErrorCode::malformed, "enclaves: missing"));
  ASSERT_TRUE(policy.waivers.add(Check::enclave_hash, "any enclave"));
  const std::string text = policy.serialize().value();
  EXPECT_EQ(parsed(text).serialize().value(), text);
}

TEST(Policy, NeedsDevicesWhateverIsWaived) {
  Policy policy = parsed(kShortestPolicy);
  policy.devices.clear();
  for (const Check check : kAllChecks) {
    if (is_waivable(check)) {
      ASSERT_TRUE(policy.waivers.add(check, "a test"));
    }
  }
  EXPECT_TRUE(fails_with(policy.check_complete(), ErrorCode::malformed, "devices: missing"));
  EXPECT_TRUE(fails_with(Policy::parse(policy.serialize().value()), ErrorCode::malformed,
                         "devices: missing"));
}

TEST(PolicyDraft, MayLackEveryList) {
  const Policy draft = Policy::parse_draft(R"({"schema": "keystone.policy/1"})").value();
  EXPECT_TRUE(draft.devices.empty());
  EXPECT_FALSE(Policy::parse(draft.serialize().value()));
  EXPECT_EQ(Policy::parse_draft(draft.serialize().value()).value().serialize().value(),
            draft.serialize().value());
}

TEST(PolicyText, IsNotWrittenWhereItCouldNotBeRead) {
  Policy policy = parsed(kShortestPolicy);
  policy.devices[0].name = "Latin-1: \xe4";
  EXPECT_TRUE(fails_with(policy.serialize(), ErrorCode::malformed, "not UTF-8"));
  policy.devices[0].name = std::string((std::size_t{16} << 20U) + 1, 'x');
  EXPECT_TRUE(fails_with(policy.serialize(), ErrorCode::limit_exceeded, "the policy: got "));
}

TEST(Waivers, KeepTheReason) {
  for (const std::string& reason : {std::string("r"), std::string(512, 'r'),
                                    std::string("umlauts: \xc3\xa4"), std::string(" two words ")}) {
    Waivers waivers;
    ASSERT_TRUE(waivers.add(Check::freshness, reason));
    EXPECT_EQ(*waivers.find(Check::freshness), reason);
    EXPECT_EQ(waivers.all().size(), 1U);
  }
}

TEST(Waivers, NeedAReasonThatIsALineOfText) {
  for (const std::string& reason :
       {std::string(), std::string("  "), std::string(513, 'r'), std::string("two\nlines"),
        std::string("\x1b[2J"), std::string("\xe2\x80\xae turned around")}) {
    Waivers waivers;
    EXPECT_TRUE(fails_with(waivers.add(Check::freshness, reason), ErrorCode::usage,
                           {"freshness: ", "1 to 512 bytes"}));
    EXPECT_TRUE(waivers.all().empty());
  }
}

TEST(Waivers, AreForEachCheckOnce) {
  Waivers waivers;
  ASSERT_TRUE(waivers.add(Check::sm_hash, "first"));
  EXPECT_TRUE(fails_with(waivers.add(Check::sm_hash, "second"), ErrorCode::usage, "waived twice"));
  EXPECT_EQ(*waivers.find(Check::sm_hash), "first");
}

TEST(Waivers, AreNotForWhatTrustIsBuiltOn) {
  for (const Check check : kAllChecks) {
    Waivers waivers;
    const Status added = waivers.add(check, "a reason");
    if (is_waivable(check)) {
      EXPECT_TRUE(added) << to_string(check);
    } else {
      EXPECT_TRUE(fails_with(added, ErrorCode::usage,
                             std::string(to_string(check)) + ": this check cannot be waived"));
      EXPECT_EQ(waivers.find(check), nullptr);
    }
  }
}

}  // namespace
}  // namespace keystone
