// SPDX-License-Identifier: Apache-2.0
#include "attest_entries.hpp"
#include "keystone-attest/policy_edit.hpp"
#include "keystone/testing/fails_with.hpp"

namespace keystone::cli::attest {
namespace {

using testing::fails_with;

TEST(AddDevice, AddsOnceAndThenChangesNothing) {
  Policy policy;
  EXPECT_EQ(add_device(policy, device("a", '1')), true);
  EXPECT_EQ(add_device(policy, device("b", '2')), true);
  EXPECT_EQ(add_device(policy, device("a", '1')), false);
  EXPECT_EQ(policy.devices.size(), 2U);
}

TEST(AddDevice, NamesBothSidesOfAContradiction) {
  Policy policy;
  ASSERT_TRUE(add_device(policy, device("a", '1')));
  ASSERT_TRUE(add_device(policy, device("b", '2')));
  const std::string before = text_of(policy);
  EXPECT_TRUE(fails_with(add_device(policy, device("a", '3')), ErrorCode::usage,
                         {"'a'", std::string(64, '1'), std::string(64, '3')}));
  EXPECT_TRUE(fails_with(add_device(policy, device("c", '2')), ErrorCode::usage, {"'b'", "'c'"}));
  EXPECT_TRUE(fails_with(add_device(policy, device("a", '2')), ErrorCode::usage));
  auto dated = device("a", '1');
  dated.validity.not_after = kNow;
  EXPECT_TRUE(fails_with(add_device(policy, dated), ErrorCode::usage, "other dates"));
  EXPECT_EQ(text_of(policy), before);
}

TEST(AddDevice, DoesNotBringBackWhatIsRevoked) {
  Policy policy;
  ASSERT_TRUE(add_device(policy, device("a", '1')));
  ASSERT_EQ(revoke_device(policy, "a", kRevoked), true);
  EXPECT_TRUE(
      fails_with(add_device(policy, device("a", '1')), ErrorCode::usage, {"revoked at", "lost"}));
  EXPECT_TRUE(fails_with(add_device(policy, device("b", '1')), ErrorCode::usage, "'a'"));
}

TEST(AddReferences, CopiesNamesProfilesPlatformsAndHashes) {
  const Policy policy = with_references();
  ASSERT_EQ(policy.enclaves.size(), 2U);
  EXPECT_EQ(policy.enclaves[0].name, "hello");
  EXPECT_EQ(policy.enclaves[0].profile, "keystone-loader-rv64");
  EXPECT_EQ(policy.enclaves[0].hash, filled<EnclaveHash>('a'));
  ASSERT_EQ(policy.security_monitors.size(), 2U);
  EXPECT_EQ(policy.security_monitors[0].profile, "generic");
  EXPECT_EQ(policy.security_monitors[1].profile, std::nullopt);
}

TEST(AddReferences, TakesWhatIsNamedWithItsDates) {
  Policy policy;
  EXPECT_EQ(add_references(policy, golden(), {"own", "adieu"}, {kNow, kNow}), true);
  ASSERT_EQ(policy.enclaves.size(), 1U);
  EXPECT_EQ(policy.enclaves[0].name, "adieu");
  EXPECT_EQ(policy.enclaves[0].validity.not_after, kNow);
  ASSERT_EQ(policy.security_monitors.size(), 1U);
  EXPECT_EQ(policy.security_monitors[0].name, "own");
  EXPECT_EQ(policy.security_monitors[0].validity.not_before, kNow);
}

TEST(AddReferences, ChangesNothingASecondTime) {
  Policy policy = with_references();
  EXPECT_EQ(add_references(policy, golden(), {}, {}), false);
  EXPECT_EQ(text_of(policy), text_of(with_references()));
}

TEST(AddReferences, AddsAllOrNone) {
  GoldenFile changed = golden();
  changed.enclaves.insert(
      changed.enclaves.begin(),
      {"new", "p", input(), input(), input(), false, {}, filled<EnclaveHash>('e')});
  changed.security_monitors[0].hash = filled<SmHash>('f');
  Policy policy = with_references();
  EXPECT_TRUE(fails_with(add_references(policy, changed, {}, {}), ErrorCode::usage,
                         {"'board'", std::string(128, 'f'), std::string(128, 'c')}));
  EXPECT_TRUE(fails_with(add_references(policy, golden(), {"hello", "hullo"}, {}), ErrorCode::usage,
                         "'hullo'"));
  EXPECT_EQ(text_of(policy), text_of(with_references()));
}

TEST(AddReferences, DoesNotChangeAProfile) {
  GoldenFile changed = golden();
  changed.enclaves[0].profile = "another";
  Policy policy = with_references();
  EXPECT_TRUE(
      fails_with(add_references(policy, changed, {}, {}), ErrorCode::usage, "another profile"));
}

TEST(AddReferences, GivesANameToOneListOnly) {
  GoldenFile swapped;
  swapped.security_monitors.push_back({"hello", "g", input(), {}, {}, {}, filled<SmHash>('e')});
  Policy policy = with_references();
  EXPECT_TRUE(fails_with(add_references(policy, swapped, {}, {}), ErrorCode::usage,
                         {"security monitor 'hello'", "the enclave"}));
}

TEST(Revoke, KeepsTheFirstRecord) {
  Policy policy = with_references();
  EXPECT_EQ(revoke_reference(policy, "board", kRevoked), true);
  EXPECT_EQ(revoke_reference(policy, "hello", kRevoked), true);
  EXPECT_EQ(revoke_reference(policy, "hello", {kNow, "another reason"}), false);
  ASSERT_TRUE(policy.enclaves[0].revoked);
  EXPECT_EQ(policy.enclaves[0].revoked->reason, "lost");
  EXPECT_TRUE(policy.security_monitors[0].revoked);
  EXPECT_FALSE(policy.enclaves[1].revoked);
}

TEST(Revoke, NeedsANameThatIsThere) {
  Policy policy = with_references();
  ASSERT_TRUE(add_device(policy, device("a", '1')));
  const auto nobody = revoke_reference(policy, "helo", kRevoked);
  ASSERT_TRUE(fails_with(nobody, ErrorCode::usage, "'helo'"));
  EXPECT_EQ(nobody.error().hint, "did you mean hello?");
  EXPECT_TRUE(fails_with(revoke_reference(policy, "a", kRevoked), ErrorCode::usage));
  EXPECT_TRUE(fails_with(revoke_device(policy, "hello", kRevoked), ErrorCode::usage));
}

TEST(RemoveReference, RemovesThatOneOnly) {
  Policy policy = with_references();
  EXPECT_EQ(remove_reference(policy, "hello"), true);
  EXPECT_EQ(remove_reference(policy, "own"), true);
  EXPECT_EQ(policy.enclaves.size(), 1U);
  EXPECT_EQ(policy.security_monitors.size(), 1U);
  EXPECT_TRUE(fails_with(remove_reference(policy, "hello"), ErrorCode::usage, "'hello'"));
}

}  // namespace
}  // namespace keystone::cli::attest
