// SPDX-License-Identifier: Apache-2.0
// What verdicts become, on reports that a real verifier appraised. Values and tiers are those of
// AR4SI (draft-ietf-rats-ar4si, section 2.3.4).
#include "ear_support.hpp"

namespace keystone {
namespace {

using namespace testing;

TEST(EarMapping, AffirmsWhatAVerifierAccepts) {
  const auto result = result_of({});
  EXPECT_EQ(claims_of(result), good());
  for (const char* name : kSubmods) {
    EXPECT_EQ(result.submods.at(name).status, TrustTier::affirming) << name;
    EXPECT_EQ(result.submods.at(name).policy_ids, std::vector<std::string>{"policy 7"});
  }
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.overall(), TrustTier::affirming);
}

TEST(EarMapping, SaysWhenForWhomAndUntilWhen) {
  const auto result = result_of({});
  EXPECT_EQ(result.issued, kNow);
  EXPECT_EQ(result.expires, kNow + seconds(300));
  EXPECT_EQ(result.nonce, context().nonce);
  EXPECT_EQ(result.verifier, (EarVerifierId{"developer", "build"}));
}

TEST(EarMapping, HasTheFindingsOfTheVerdict) {
  Setting setting;
  setting.policy.enclaves.clear();
  const auto result = result_of(setting);
  ASSERT_EQ(result.findings.size(), kCheckCount);
  EXPECT_EQ(result.findings.front(), (EarFinding{"root_of_trust", "passed", ""}));
  EXPECT_EQ(result.findings[7], (EarFinding{"enclave_hash", "failed", "not_expected"}));
}

TEST(EarMapping, SaysThatADeviceIsUnknown) {
  Setting setting;
  setting.policy.devices.clear();
  Claims want = good();
  want["platform"] = {{TrustClaim::instance_identity, 97}};
  expect_rejected_with(setting, want);
}

TEST(EarMapping, SaysThatADeviceIsRevokedOrOutOfItsTime) {
  Claims want = good();
  want["platform"] = {{TrustClaim::instance_identity, 96}};
  Setting revoked;
  revoked.policy.devices.front().revoked = Revocation{kNow, "lost"};
  expect_rejected_with(revoked, want);
  Setting expired;
  expired.policy.devices.front().validity.not_after = kNow - seconds(1);
  expect_rejected_with(expired, want);
  Setting early;
  early.policy.devices.front().validity.not_before = kNow + seconds(1);
  expect_rejected_with(early, want);
}

// A report by Keystone's published device key.
Setting with_test_key() {
  constexpr std::string_view kSecret =  // bootrom/test_dev_key.h of keystone 88c49ee
      "40a099478ccefa3a0663abc95e7a1ec954b4f5f645bad804db13e7d7826c7073"
      "576a9ab62160d9d1c6aedc29852fb960ee5132835a1689ec06a8723451aa0e4a";
  Setting setting;
  setting.attester.device = SecretKey::from_expanded(
      FixedBytes<struct Secret, 64>::from_hex("secret", kSecret).value().bytes());
  setting.report = setting.attester.report(setting.nonce.bytes());
  setting.policy = setting.attester.policy();
  return setting;
}

TEST(EarMapping, SaysThatTheDeviceKeyIsPublished) {
  Claims want = good();
  want["platform"][TrustClaim::hardware] = 96;
  expect_rejected_with(with_test_key(), want);
}

TEST(EarMapping, WarnsOfAPublishedDeviceKeyThatIsWaived) {
  Setting setting = with_test_key();
  setting.waive(Check::test_device_key, "under QEMU");
  const auto result = result_of(setting);
  Claims want = good();
  want["platform"][TrustClaim::hardware] = 32;
  EXPECT_EQ(claims_of(result), want);
  EXPECT_EQ(result.submods.at("platform").status, TrustTier::warning);
  EXPECT_EQ(result.submods.at("sm").status, TrustTier::affirming);
  EXPECT_EQ(result.overall(), TrustTier::warning);
  EXPECT_TRUE(result.accepted());
}

// A report of a Security Monitor whose key anybody can compute, as Keystone's boot ROM makes it
// from one byte of the device secret and one of the monitor's hash.
Setting with_weak_sm_key() {
  const Digest512 seed = sha3_512(std::array<std::uint8_t, 2>{}).value();
  Setting setting;
  setting.attester.sm = SecretKey::from_seed(seed.bytes().first<32>()).value();
  setting.report = setting.attester.report(setting.nonce.bytes());
  setting.policy = setting.attester.policy();
  return setting;
}

TEST(EarMapping, SaysThatTheSmKeyIsWeak) {
  Claims want = good();
  want["platform"][TrustClaim::hardware] = 96;
  expect_rejected_with(with_weak_sm_key(), want);
}

TEST(EarMapping, WarnsOfAWeakSmKeyThatIsWaived) {
  Setting setting = with_weak_sm_key();
  setting.waive(Check::sm_key_strength, "first series");
  const auto result = result_of(setting);
  EXPECT_EQ(result.submods.at("platform").claims[TrustClaim::hardware], 32);
  EXPECT_EQ(result.overall(), TrustTier::warning);
}

TEST(EarMapping, SaysThatAMonitorIsUnknownOrDenied) {
  Claims want = good();
  Setting unknown;
  unknown.policy.security_monitors.clear();
  want["sm"] = {{TrustClaim::executables, 33}};
  expect_rejected_with(unknown, want);
  Setting revoked;
  revoked.policy.security_monitors.front().revoked = Revocation{kNow, "flawed"};
  want["sm"] = {{TrustClaim::executables, 96}};
  expect_rejected_with(revoked, want);
  Setting expired;
  expired.policy.security_monitors.front().validity.not_after = kNow - seconds(1);
  expect_rejected_with(expired, want);
}

TEST(EarMapping, SaysThatAnEnclaveIsUnknownOrDenied) {
  Claims want = good();
  Setting unknown;
  unknown.policy.enclaves.clear();
  want["enclave"] = {{TrustClaim::executables, 33}};
  expect_rejected_with(unknown, want);
  Setting revoked;
  revoked.policy.enclaves.front().revoked = Revocation{kNow, "superseded"};
  want["enclave"] = {{TrustClaim::executables, 96}};
  expect_rejected_with(revoked, want);
  Setting early;
  early.policy.enclaves.front().validity.not_before = kNow + seconds(1);
  expect_rejected_with(early, want);
}

TEST(EarMapping, WarnsOfHashesThatAreWaived) {
  Setting setting;
  setting.policy.security_monitors.clear();
  setting.policy.enclaves.clear();
  setting.waive(Check::sm_hash, "any firmware");
  setting.waive(Check::enclave_hash, "any enclave");
  const auto result = result_of(setting);
  EXPECT_EQ(result.submods.at("sm").claims[TrustClaim::executables], 33);
  EXPECT_EQ(result.submods.at("enclave").claims[TrustClaim::executables], 33);
  EXPECT_EQ(result.submods.at("sm").status, TrustTier::warning);
  EXPECT_EQ(result.submods.at("platform").status, TrustTier::affirming);
  EXPECT_TRUE(result.accepted());
}

TEST(EarMapping, SaysAllThatIsWrong) {
  Setting setting = with_test_key();
  setting.policy.enclaves.clear();
  setting.policy.security_monitors.front().revoked = Revocation{kNow, "flawed"};
  expect_rejected_with(
      setting, {{"platform", {{TrustClaim::instance_identity, 2}, {TrustClaim::hardware, 96}}},
                {"sm", {{TrustClaim::executables, 96}}},
                {"enclave", {{TrustClaim::executables, 33}}}});
}

}  // namespace
}  // namespace keystone
