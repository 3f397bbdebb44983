// SPDX-License-Identifier: Apache-2.0
#include "attest_entries.hpp"
#include "keystone-attest/policy_check.hpp"
#include "keystone-attest/policy_file.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"
#include "keystone/verifier/known_keys.hpp"

namespace keystone::cli::attest {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

// A key of the shared vectors: rust-sdk-0.3/evidence.json.
DevicePublicKey good_key() {
  return DevicePublicKey::from_hex(
             "key", "17812078304a8421e5f184ab263f4335b8720ab76ac939e96900d5be96562138")
      .value();
}

TEST(CheckPolicy, CountsWhatIsOfUseAtThatTime) {
  Policy policy = with_references();
  policy.devices.push_back({"good", good_key(), {}, {}});
  policy.enclaves[0].validity.not_after = kNow;
  policy.enclaves[1].validity.not_before = kNow;
  PolicyState state = check_policy(policy, kNow);
  EXPECT_EQ(state.lists[2].usable, 2U);
  EXPECT_TRUE(state.unusable.empty());
  state = check_policy(policy, kNow + std::chrono::seconds(1));
  ASSERT_EQ(state.unusable.size(), 1U);
  EXPECT_EQ(state.unusable[0].name, "hello");
  EXPECT_EQ(state.unusable[0].reason, "expired");
  state = check_policy(policy, kNow - std::chrono::seconds(1));
  ASSERT_EQ(state.unusable.size(), 1U);
  EXPECT_EQ(state.unusable[0].name, "adieu");
  EXPECT_EQ(state.unusable[0].reason, "not_yet_valid");
  policy.enclaves[1].revoked = kRevoked;
  EXPECT_EQ(check_policy(policy, kNow).unusable.at(0).reason, "revoked");
}

TEST(CheckPolicy, KnowsKeysThatAreOfNoUse) {
  Policy policy;
  policy.devices.push_back({"qemu", test_device_key(), {}, {}});
  policy.devices.push_back(device("zero", '0'));
  PolicyState state = check_policy(policy, kNow);
  ASSERT_EQ(state.unusable.size(), 2U);
  EXPECT_EQ(state.unusable[0].reason, "published_test_key");
  EXPECT_EQ(state.unusable[1].reason, "key_small_order");
  EXPECT_EQ(state.warnings.size(), 3U);  // nothing is left of any list
  ASSERT_TRUE(policy.waivers.add(Check::test_device_key, "why"));
  state = check_policy(policy, kNow);
  EXPECT_EQ(state.lists[0].usable, 1U);
  EXPECT_EQ(state.warnings.size(), 2U);
  ASSERT_TRUE(policy.waivers.add(Check::sm_hash, "why"));
  ASSERT_TRUE(policy.waivers.add(Check::enclave_hash, "why"));
  EXPECT_TRUE(check_policy(policy, kNow).warnings.empty());
}

TEST(DeviceWarnings, AreAboutKeysThatAreOfNoUseAndNoOthers) {
  EXPECT_TRUE(warnings_about(RegisteredDevice{"good", good_key(), {}, {}}).empty());
  EXPECT_EQ(warnings_about(RegisteredDevice{"qemu", test_device_key(), {}, {}}).size(), 1U);
  EXPECT_EQ(warnings_about(device("zero", '0')).size(), 1U);
}

constexpr const char* kDraft = R"({"schema": "keystone.policy/1", "max_age_s": 60})";

VerifyCommand by(const std::string& file) {
  return {{}, {}, file, {}, Challenge::none(), "", kNow};
}

TEST(PolicyFor, IsTheFileAndWhatTheOptionsAdd) {
  const TemporaryFolder folder;
  VerifyCommand command = by(folder.put("p", kDraft));
  EXPECT_TRUE(fails_with(policy_for(command), ErrorCode::malformed, "/p: devices: missing"));
  command.additions = with_references();
  command.additions.devices.push_back(device("a", '1'));
  command.additions.max_age = std::chrono::seconds(61);
  EXPECT_EQ(policy_for(command).value().max_age, std::chrono::seconds(60));
  command.additions.max_age = std::chrono::seconds(59);
  EXPECT_EQ(policy_for(command).value().max_age, std::chrono::seconds(59));
  EXPECT_EQ(policy_for(command).value().enclaves.size(), 2U);
  command.policy.clear();
  EXPECT_TRUE(policy_for(command));
  command.additions.enclaves.clear();
  EXPECT_TRUE(fails_with(policy_for(command), ErrorCode::usage, "enclaves: missing"));
}

TEST(PolicyFor, WaivesACheckOnce) {
  const TemporaryFolder folder;
  VerifyCommand command = by(folder.put("p", R"({"schema": "keystone.policy/1",
      "devices": [{"name": "a", "key": ")" + std::string(64, '1') +
                                                 R"("}],
      "waivers": {"sm_hash": "x", "enclave_hash": "x", "freshness": "the file's"}})"));
  command.freshness_waiver = "the program's";
  EXPECT_EQ(*policy_for(command).value().waivers.find(Check::freshness), "the file's");
  ASSERT_TRUE(command.additions.waivers.add(Check::freshness, "the user's"));
  EXPECT_TRUE(fails_with(policy_for(command), ErrorCode::usage, {"--waive", "waived twice"}));
}

TEST(EditPolicy, TouchesTheFileOnlyForAChange) {
  const TemporaryFolder folder;
  const std::string path = folder.put("p", kDraft);
  const auto nothing = [](Policy&) -> Result<bool> { return false; };
  const auto add = [](Policy& policy) { return add_device(policy, device("a", '1')); };
  ASSERT_TRUE(edit_policy({path, false}, false, nothing));
  EXPECT_EQ(content_of(path), kDraft);
  const auto edited = edit_policy({path, false}, false, add);
  ASSERT_TRUE(edited);
  EXPECT_TRUE(edited->changed);
  EXPECT_EQ(content_of(path), text_of(edited->policy));
  EXPECT_TRUE(fails_with(edit_policy({folder / "q", false}, false, add), ErrorCode::unreadable));
  EXPECT_TRUE(edit_policy({folder / "q", false}, true, add));
  EXPECT_TRUE(fails_with(edit_policy({"-", false}, true, add), ErrorCode::usage));
  EXPECT_EQ(folder.names(), (std::set<std::string>{"p", "q"}));
}

TEST(EditPolicy, LosesNoCommentUnasked) {
  const TemporaryFolder folder;
  const std::string text = "// ours\n" + std::string(kDraft);
  const std::string path = folder.put("p", text);
  const auto add = [](Policy& policy) { return add_device(policy, device("a", '1')); };
  const auto refused = edit_policy({path, false}, false, add);
  ASSERT_TRUE(fails_with(refused, ErrorCode::usage, "comments"));
  EXPECT_NE(refused.error().hint.find("--drop-comments"), std::string::npos);
  EXPECT_EQ(content_of(path), text);
  ASSERT_TRUE(edit_policy({path, true}, false, add));
  EXPECT_EQ(content_of(path).find("//"), std::string::npos);
}

}  // namespace
}  // namespace keystone::cli::attest
