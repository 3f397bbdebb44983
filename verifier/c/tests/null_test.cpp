// SPDX-License-Identifier: Apache-2.0
// NULL in the place of every parameter: an error that names it, never a crash.
#include "support.hpp"

#include <array>

namespace keystone {
namespace {

using testing::fails;
using testing::made;
using testing::makes_nothing;
using testing::OwnedChallenge;
using testing::OwnedIssuer;
using testing::OwnedPolicy;
using testing::OwnedReplaySet;
using testing::OwnedReport;
using testing::OwnedVerdict;
using testing::OwnedVerifier;
using testing::Setting;

constexpr auto kUsage = KEYSTONE_ERROR_USAGE;
constexpr std::array<std::uint8_t, 64> kBytes = {1};

TEST(CNull, AsOutIsRefused) {
  const Setting setting;
  const auto policy = testing::c_policy(setting.policy);
  const auto report = testing::c_report(setting.report.received());
  const auto verifier = testing::c_verifier(setting.policy);
  const auto challenge = made<OwnedChallenge>(keystone_challenge_none);
  const auto refuses_null = [](const auto& call) { return fails(call, kUsage, "out: got NULL"); };
  EXPECT_TRUE(refuses_null([](auto** e) { return keystone_policy_parse("{}", 2, nullptr, e); }));
  EXPECT_TRUE(refuses_null([](auto** e) { return keystone_policy_new(nullptr, e); }));
  EXPECT_TRUE(refuses_null([](auto** e) {
    return keystone_report_parse(kBytes.data(), 64, KEYSTONE_FORMAT_ANY, 0, nullptr, e);
  }));
  EXPECT_TRUE(refuses_null([](auto** e) { return keystone_challenge_none(nullptr, e); }));
  for (const auto ask : {keystone_challenge_exact_data, keystone_challenge_exact_nonce,
                         keystone_challenge_nonce_prefix}) {
    EXPECT_TRUE(refuses_null([&](auto** e) { return ask(kBytes.data(), 64, nullptr, e); }));
  }
  EXPECT_TRUE(
      refuses_null([](auto** e) { return keystone_challenge_channel(kBytes.data(), nullptr, e); }));
  EXPECT_TRUE(refuses_null([](auto** e) { return keystone_replay_set_new(1, nullptr, e); }));
  EXPECT_TRUE(refuses_null(
      [](auto** e) { return keystone_issuer_new(kBytes.data(), 32, 60, nullptr, e); }));
  EXPECT_TRUE(
      refuses_null([&](auto** e) { return keystone_verifier_new(policy.get(), nullptr, e); }));
  EXPECT_TRUE(refuses_null([&](auto** e) {
    return keystone_verify(verifier.get(), report.get(), challenge.get(), 0, nullptr, e);
  }));
}

TEST(CNull, AsBytesIsRefused) {
  EXPECT_TRUE(makes_nothing<OwnedPolicy>(kUsage, "text", keystone_policy_parse, nullptr, 1U));
  EXPECT_TRUE(makes_nothing<OwnedReport>(kUsage, "bytes", keystone_report_parse, nullptr, 1352U,
                                         KEYSTONE_FORMAT_ANY, 0U));
  EXPECT_TRUE(
      makes_nothing<OwnedChallenge>(kUsage, "data", keystone_challenge_exact_data, nullptr, 1U));
  EXPECT_TRUE(
      makes_nothing<OwnedChallenge>(kUsage, "nonce", keystone_challenge_exact_nonce, nullptr, 8U));
  EXPECT_TRUE(
      makes_nothing<OwnedChallenge>(kUsage, "nonce", keystone_challenge_nonce_prefix, nullptr, 8U));
  EXPECT_TRUE(
      makes_nothing<OwnedChallenge>(kUsage, "binding", keystone_challenge_channel, nullptr));
  EXPECT_TRUE(makes_nothing<OwnedIssuer>(kUsage, "key", keystone_issuer_new, nullptr, 32U, 60U));
}

TEST(CNull, AsNoBytesIsNoBytes) {
  EXPECT_TRUE(
      makes_nothing<OwnedPolicy>(KEYSTONE_ERROR_MALFORMED, "", keystone_policy_parse, nullptr, 0U));
  EXPECT_TRUE(makes_nothing<OwnedReport>(KEYSTONE_ERROR_MALFORMED, "got 0 bytes",
                                         keystone_report_parse, nullptr, 0U, KEYSTONE_FORMAT_ANY,
                                         0U));
  EXPECT_NE(made<OwnedChallenge>(keystone_challenge_exact_data, nullptr, 0U), nullptr);
  EXPECT_TRUE(makes_nothing<OwnedChallenge>(kUsage, "got 0 bytes", keystone_challenge_exact_nonce,
                                            nullptr, 0U));
}

TEST(CNull, AsAPolicyOrItsEntryIsRefused) {
  const auto policy = made<OwnedPolicy>(keystone_policy_new);
  using Add = keystone_status (*)(keystone_policy*, const std::uint8_t*, keystone_error**);
  const std::pair<Add, const char*> adders[] = {{keystone_policy_add_device, "device"},
                                                {keystone_policy_add_sm_hash, "security-monitor"},
                                                {keystone_policy_add_enclave_hash, "enclave"}};
  for (const auto& adder : adders) {
    const Add add = adder.first;
    EXPECT_TRUE(fails([&](auto** e) { return add(nullptr, kBytes.data(), e); }, kUsage, "policy"));
    EXPECT_TRUE(
        fails([&](auto** e) { return add(policy.get(), nullptr, e); }, kUsage, adder.second));
  }
  EXPECT_TRUE(
      fails([](auto** e) { return keystone_policy_waive(nullptr, "freshness", "because", e); },
            kUsage, "policy"));
  EXPECT_TRUE(
      fails([&](auto** e) { return keystone_policy_waive(policy.get(), nullptr, "because", e); },
            kUsage, "check"));
  EXPECT_TRUE(
      fails([&](auto** e) { return keystone_policy_waive(policy.get(), "freshness", nullptr, e); },
            kUsage, "reason"));
  EXPECT_TRUE(fails([](auto** e) { return keystone_policy_set_max_age(nullptr, 60, e); }, kUsage,
                    "policy"));
}

TEST(CNull, AsAChallengeOrItsTimeIsRefused) {
  const auto challenge = made<OwnedChallenge>(keystone_challenge_none);
  const keystone_challenge_time time = {0, 0, KEYSTONE_STANDING_OPEN};
  EXPECT_TRUE(fails([&](auto** e) { return keystone_challenge_set_time(nullptr, &time, e); },
                    kUsage, "challenge"));
  EXPECT_TRUE(
      fails([&](auto** e) { return keystone_challenge_set_time(challenge.get(), nullptr, e); },
            kUsage, "time"));
}

TEST(CNull, AsAnIssuersParameterIsRefused) {
  const auto issuer = made<OwnedIssuer>(keystone_issuer_new, kBytes.data(), 32U, 60U);
  const auto replays = made<OwnedReplaySet>(keystone_replay_set_new, 1U);
  std::array<std::uint8_t, 32> nonce{};
  keystone_challenge_time time = {};
  const auto issue = [](const keystone_issuer* by, std::uint8_t* to) {
    return [=](auto** e) { return keystone_issuer_issue(by, 0, to, 32, e); };
  };
  EXPECT_TRUE(fails(issue(nullptr, nonce.data()), kUsage, "issuer"));
  EXPECT_TRUE(fails(issue(issuer.get(), nullptr), kUsage, "nonce"));
  const auto redeem = [](const keystone_issuer* by, const std::uint8_t* from,
                         keystone_replay_set* set, keystone_challenge_time* to) {
    return [=](auto** e) { return keystone_issuer_redeem(by, from, 32, 0, set, to, e); };
  };
  EXPECT_TRUE(fails(redeem(nullptr, nonce.data(), replays.get(), &time), kUsage, "issuer"));
  EXPECT_TRUE(fails(redeem(issuer.get(), nullptr, replays.get(), &time), kUsage, "nonce"));
  EXPECT_TRUE(fails(redeem(issuer.get(), nonce.data(), nullptr, &time), kUsage, "replays"));
  EXPECT_TRUE(fails(redeem(issuer.get(), nonce.data(), replays.get(), nullptr), kUsage, "time"));
}

TEST(CNull, AsWhatIsVerifiedOrByWhatIsRefused) {
  const Setting setting;
  const auto report = testing::c_report(setting.report.received());
  const auto verifier = testing::c_verifier(setting.policy);
  const auto challenge = made<OwnedChallenge>(keystone_challenge_none);
  EXPECT_TRUE(makes_nothing<OwnedVerifier>(kUsage, "policy", keystone_verifier_new, nullptr));
  EXPECT_TRUE(makes_nothing<OwnedVerdict>(kUsage, "verifier", keystone_verify, nullptr,
                                          report.get(), challenge.get(), 0));
  EXPECT_TRUE(makes_nothing<OwnedVerdict>(kUsage, "report", keystone_verify, verifier.get(),
                                          nullptr, challenge.get(), 0));
  EXPECT_TRUE(makes_nothing<OwnedVerdict>(kUsage, "challenge", keystone_verify, verifier.get(),
                                          report.get(), nullptr, 0));
}

TEST(CNull, IsNoAcceptingVerdictAndNoReport) {
  keystone_finding finding = {};
  EXPECT_TRUE(fails([&](auto** e) { return keystone_verdict_finding(nullptr, 0, &finding, e); },
                    kUsage, "verdict"));
  EXPECT_EQ(keystone_verdict_accepted(nullptr), 0);
  EXPECT_EQ(keystone_verdict_count(nullptr), 0U);
  EXPECT_STREQ(keystone_verdict_json(nullptr), "");
  EXPECT_STREQ(keystone_verdict_summary(nullptr), "");
  EXPECT_EQ(keystone_report_format_of(nullptr), KEYSTONE_FORMAT_ANY);
  std::size_t size = 7;
  EXPECT_EQ(keystone_report_data(nullptr, &size), nullptr);
  EXPECT_EQ(size, 0U);
}

TEST(CNull, IsFreed) {
  keystone_policy_free(nullptr);
  keystone_report_free(nullptr);
  keystone_challenge_free(nullptr);
  keystone_replay_set_free(nullptr);
  keystone_issuer_free(nullptr);
  keystone_verifier_free(nullptr);
  keystone_verdict_free(nullptr);
}

}  // namespace
}  // namespace keystone
