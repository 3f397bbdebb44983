// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

namespace keystone {
namespace {

using testing::bytes_for;
using testing::fails;
using testing::made;
using testing::makes_nothing;
using testing::OwnedPolicy;
using testing::OwnedVerifier;
using testing::Setting;
using testing::succeeds;

const auto kKey = bytes_for<KEYSTONE_PUBLIC_KEY_SIZE>("a key");
const auto kHash = bytes_for<KEYSTONE_HASH_SIZE>("a hash");

// Puts the entries of the setting in, by functions alone.
OwnedPolicy policy_by_functions(const Setting& setting) {
  auto policy = made<OwnedPolicy>(keystone_policy_new);
  const auto& attester = setting.attester;
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_policy_add_device(policy.get(), attester.device_key().bytes().data(), e);
  }));
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_policy_add_sm_hash(policy.get(), attester.sm_hash.bytes().data(), e);
  }));
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_policy_add_enclave_hash(policy.get(), attester.enclave_hash.bytes().data(), e);
  }));
  return policy;
}

std::string summary_by(const OwnedPolicy& policy, const Setting& setting) {
  const auto verifier = made<OwnedVerifier>(keystone_verifier_new, policy.get());
  const auto report = testing::c_report(setting.report.received());
  const auto challenge = made<testing::OwnedChallenge>(
      keystone_challenge_exact_nonce, setting.nonce.bytes().data(), setting.nonce.bytes().size());
  const keystone_challenge_time time = {testing::seconds_of(testing::kOpen.issued),
                                        testing::seconds_of(*testing::kOpen.expires),
                                        KEYSTONE_STANDING_OPEN};
  EXPECT_TRUE(
      succeeds([&](auto** e) { return keystone_challenge_set_time(challenge.get(), &time, e); }));
  const auto verdict =
      made<testing::OwnedVerdict>(keystone_verify, verifier.get(), report.get(), challenge.get(),
                                  testing::seconds_of(setting.now));
  return keystone_verdict_summary(verdict.get());
}

TEST(CPolicy, OfFunctionsAcceptsWhatItExpects) {
  const Setting setting;
  EXPECT_EQ(summary_by(policy_by_functions(setting), setting), "accepted");
}

TEST(CPolicy, WithoutEntriesAcceptsNothing) {
  const Setting setting;
  EXPECT_EQ(summary_by(made<OwnedPolicy>(keystone_policy_new), setting),
            "rejected: device_key, sm_hash, enclave_hash");
}

TEST(CPolicy, TakesEachKeyAndHashOnce) {
  const auto policy = made<OwnedPolicy>(keystone_policy_new);
  using Add = keystone_status (*)(keystone_policy*, const std::uint8_t*, keystone_error**);
  for (const Add add : {Add{keystone_policy_add_sm_hash}, Add{keystone_policy_add_enclave_hash}}) {
    EXPECT_TRUE(succeeds([&](auto** e) { return add(policy.get(), kHash.data(), e); }));
    EXPECT_TRUE(fails([&](auto** e) { return add(policy.get(), kHash.data(), e); },
                      KEYSTONE_ERROR_USAGE, "a second time"));
  }
  EXPECT_TRUE(
      succeeds([&](auto** e) { return keystone_policy_add_device(policy.get(), kKey.data(), e); }));
  EXPECT_TRUE(
      fails([&](auto** e) { return keystone_policy_add_device(policy.get(), kKey.data(), e); },
            KEYSTONE_ERROR_USAGE, "a second time"));
}

TEST(CPolicy, TakesNothingThatItsFileHas) {
  const Setting setting;
  const auto policy = testing::c_policy(setting.policy);
  EXPECT_TRUE(fails(
      [&](auto** e) {
        return keystone_policy_add_device(policy.get(),
                                          setting.attester.device_key().bytes().data(), e);
      },
      KEYSTONE_ERROR_USAGE, setting.attester.device_key().hex()));
}

// Names tell the entries apart, also from those of a file.
TEST(CPolicy, GivesNamesThatNoEntryHas) {
  Setting setting;
  setting.policy.devices.front().name = "device-2";
  setting.policy.devices.front().key = DevicePublicKey(kKey);
  const auto policy = testing::c_policy(setting.policy);
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_policy_add_device(policy.get(), setting.attester.device_key().bytes().data(),
                                      e);
  }));
  const auto verifier = made<OwnedVerifier>(keystone_verifier_new, policy.get());
  const auto report = testing::c_report(setting.report.received());
  const auto challenge = made<testing::OwnedChallenge>(keystone_challenge_none);
  const auto verdict = made<testing::OwnedVerdict>(keystone_verify, verifier.get(), report.get(),
                                                   challenge.get(), 0);
  keystone_finding finding = {};
  ASSERT_TRUE(
      succeeds([&](auto** e) { return keystone_verdict_finding(verdict.get(), 1, &finding, e); }));
  EXPECT_STREQ(finding.check, "device_key");
  EXPECT_STREQ(finding.want, "a registered device key ('device-3')");
}

TEST(CPolicy, WaivesWhatCanBeWaivedOnce) {
  const auto policy = made<OwnedPolicy>(keystone_policy_new);
  const auto waive = [&](const char* check, const char* reason) {
    return [&policy, check, reason](auto** e) {
      return keystone_policy_waive(policy.get(), check, reason, e);
    };
  };
  EXPECT_TRUE(succeeds(waive("freshness", "no clock")));
  EXPECT_TRUE(fails(waive("freshness", "no clock"), KEYSTONE_ERROR_USAGE, "twice"));
  EXPECT_TRUE(fails(waive("device_key", "no key"), KEYSTONE_ERROR_USAGE, "cannot be waived"));
  EXPECT_TRUE(fails(waive("sm_hash", ""), KEYSTONE_ERROR_USAGE, "reason"));
  EXPECT_TRUE(fails(waive("sm_hash", "two\nlines"), KEYSTONE_ERROR_USAGE, "reason"));
  EXPECT_TRUE(fails(waive("fresh", "no clock"), KEYSTONE_ERROR_USAGE, "check: "));
}

TEST(CPolicy, HintsAtTheWordThatWasMeant) {
  const auto policy = made<OwnedPolicy>(keystone_policy_new);
  keystone_error* error = nullptr;
  EXPECT_EQ(keystone_policy_waive(policy.get(), "freshnes", "no clock", &error),
            KEYSTONE_ERROR_USAGE);
  EXPECT_NE(std::string_view(keystone_error_hint(error)).find("freshness"), std::string_view::npos);
  keystone_error_free(error);
}

TEST(CPolicy, TakesAnAgeOfOneSecondToOneDay) {
  const auto policy = made<OwnedPolicy>(keystone_policy_new);
  const auto set = [&](std::uint32_t seconds) {
    return [&policy, seconds](auto** e) {
      return keystone_policy_set_max_age(policy.get(), seconds, e);
    };
  };
  EXPECT_TRUE(succeeds(set(1)));
  EXPECT_TRUE(succeeds(set(86'400)));
  for (const std::uint32_t seconds : {0U, 86'401U, 0xffffffffU}) {
    EXPECT_TRUE(fails(set(seconds), KEYSTONE_ERROR_USAGE, "want 1 to 86400"));
  }
}

TEST(CPolicy, LimitsHowLongAChallengeIsOut) {
  const Setting setting;
  const auto policy = policy_by_functions(setting);  // the challenge is out for a minute
  EXPECT_TRUE(succeeds([&](auto** e) { return keystone_policy_set_max_age(policy.get(), 60, e); }));
  EXPECT_EQ(summary_by(policy, setting), "accepted");
  EXPECT_TRUE(succeeds([&](auto** e) { return keystone_policy_set_max_age(policy.get(), 59, e); }));
  EXPECT_EQ(summary_by(policy, setting), "rejected: freshness");
}

TEST(CPolicy, OfTextMustBeOne) {
  const auto parse = [](keystone_status want, std::string_view fact, std::string_view text) {
    return makes_nothing<OwnedPolicy>(want, fact, keystone_policy_parse, text.data(), text.size());
  };
  EXPECT_TRUE(parse(KEYSTONE_ERROR_MALFORMED, "", "{"));
  EXPECT_TRUE(parse(KEYSTONE_ERROR_MALFORMED, "schema", "{}"));
  EXPECT_TRUE(parse(KEYSTONE_ERROR_MALFORMED, "devices", R"({"schema": "keystone.policy/1"})"));
  const std::string large((std::size_t{16} << 20U) + 1, ' ');
  EXPECT_TRUE(parse(KEYSTONE_ERROR_LIMIT_EXCEEDED, "", large));
}

// Only the bytes that were given count: there is no zero byte behind them.
TEST(CPolicy, OfTextEndsWhereItsSizeSays) {
  const std::string text = Setting().policy.serialize().value();
  const std::vector<char> exact(text.begin(), text.end());
  EXPECT_NE(made<OwnedPolicy>(keystone_policy_parse, exact.data(), exact.size()), nullptr);
  EXPECT_TRUE(makes_nothing<OwnedPolicy>(KEYSTONE_ERROR_MALFORMED, "", keystone_policy_parse,
                                         exact.data(), exact.size() - 3));
}

TEST(CPolicy, ChangesNoVerifierThatHasACopy) {
  const Setting setting;
  auto policy = made<OwnedPolicy>(keystone_policy_new);
  const auto verifier = made<OwnedVerifier>(keystone_verifier_new, policy.get());
  policy = nullptr;
  const auto report = testing::c_report(setting.report.received());
  const auto challenge = made<testing::OwnedChallenge>(keystone_challenge_none);
  const auto verdict = made<testing::OwnedVerdict>(keystone_verify, verifier.get(), report.get(),
                                                   challenge.get(), 0);
  EXPECT_EQ(keystone_verdict_accepted(verdict.get()), 0);
}

}  // namespace
}  // namespace keystone
