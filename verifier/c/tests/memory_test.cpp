// SPDX-License-Identifier: Apache-2.0
// Every allocation of every function fails once: the function says so, and nothing leaks.
#include "keystone/testing/memory.hpp"

#include "support.hpp"

namespace keystone {
namespace {

using testing::OwnedChallenge;
using testing::OwnedError;
using testing::OwnedIssuer;
using testing::OwnedPolicy;
using testing::OwnedReplaySet;
using testing::OwnedReport;
using testing::OwnedVerdict;
using testing::OwnedVerifier;
using testing::Setting;

// Makes the first allocation of `call` fail, then the second, and so on, until it gets through.
// `check` is told of every success, and whether an allocation had failed before it.
template <class Call, class Check>
void fail_each_allocation(const Call& call, const Check& check) {
  int failures = 0;
  for (long i = 0;; ++i) {
    keystone_error* error = nullptr;
    testing::fail_allocations(i, 1);
    const keystone_status status = call(&error);
    const bool has_failed = testing::stop_failing_allocations() > 0;
    const OwnedError owned(error);
    if (status == KEYSTONE_OK) {
      check(has_failed);
    } else {
      ASSERT_EQ(status, KEYSTONE_ERROR_INTERNAL);
      ASSERT_EQ(keystone_error_status(error), KEYSTONE_ERROR_INTERNAL);
      ASSERT_STRNE(keystone_error_message(error), "");
    }
    if (!has_failed) {
      ASSERT_EQ(status, KEYSTONE_OK);
      break;
    }
    ++failures;
  }
  EXPECT_GE(failures, 1) << "nothing is allocated here";
}

template <class Own, class Function, class... Arguments>
void fail_making(Function function, const Arguments&... arguments) {
  auto* out = testing::stale<typename Own::element_type>();
  fail_each_allocation(
      [&](keystone_error** error) {
        out = testing::stale<typename Own::element_type>();
        const keystone_status status = function(arguments..., &out, error);
        EXPECT_EQ(out == nullptr, status != KEYSTONE_OK);
        return status;
      },
      [&](bool) { const Own owned(out); });
}

TEST(CMemory, LacksInEveryFunctionThatMakesSomething) {
  const Setting setting;
  const std::string text = setting.policy.serialize().value();
  const auto policy = testing::c_policy(setting.policy);
  const auto fixed = setting.report.encode_fixed();
  const auto json = setting.report.encode_json();
  const auto nonce = setting.nonce.bytes();
  fail_making<OwnedPolicy>(keystone_policy_parse, text.data(), text.size());
  fail_making<OwnedPolicy>(keystone_policy_new);
  fail_making<OwnedReport>(keystone_report_parse, fixed.data(), fixed.size(), KEYSTONE_FORMAT_ANY,
                           0U);
  fail_making<OwnedReport>(keystone_report_parse,
                           reinterpret_cast<const std::uint8_t*>(json.data()), json.size(),
                           KEYSTONE_FORMAT_ANY, 0U);
  fail_making<OwnedChallenge>(keystone_challenge_none);
  fail_making<OwnedChallenge>(keystone_challenge_exact_data, nonce.data(), nonce.size());
  fail_making<OwnedChallenge>(keystone_challenge_exact_nonce, nonce.data(), nonce.size());
  fail_making<OwnedChallenge>(keystone_challenge_nonce_prefix, nonce.data(), nonce.size());
  fail_making<OwnedChallenge>(keystone_challenge_channel, fixed.data());
  fail_making<OwnedReplaySet>(keystone_replay_set_new, std::size_t{1});
  fail_making<OwnedIssuer>(keystone_issuer_new, nonce.data(), std::size_t{32}, 60U);
  fail_making<OwnedVerifier>(keystone_verifier_new, policy.get());
}

// Without memory a verdict rejects, or there is none; the next one is right again.
TEST(CMemory, NeverMakesAVerdictThatAccepts) {
  const Setting setting;
  const auto verifier = testing::c_verifier(setting.policy);
  const auto report = testing::c_report(setting.report.received());
  const auto challenge = testing::made<OwnedChallenge>(
      keystone_challenge_exact_nonce, setting.nonce.bytes().data(), setting.nonce.bytes().size());
  const keystone_challenge_time time = {0, 0, KEYSTONE_STANDING_OPEN};
  ASSERT_TRUE(testing::succeeds(
      [&](auto** e) { return keystone_challenge_set_time(challenge.get(), &time, e); }));
  keystone_verdict* verdict = nullptr;
  fail_each_allocation(
      [&](keystone_error** error) {
        return keystone_verify(verifier.get(), report.get(), challenge.get(), 0, &verdict, error);
      },
      [&](bool failed) {
        EXPECT_EQ(keystone_verdict_accepted(verdict), failed ? 0 : 1);
        keystone_verdict_free(verdict);
      });
}

// A verdict without memory for its texts is the same verdict, and has them when there is memory.
TEST(CMemory, LacksForTheTextsOfAVerdict) {
  const Setting setting;
  const auto verifier = testing::c_verifier(setting.policy);
  const auto report = testing::c_report(setting.report.received());
  const auto challenge = testing::made<OwnedChallenge>(keystone_challenge_none);
  OwnedVerdict verdict;
  const auto ask = [&] {
    verdict = testing::made<OwnedVerdict>(keystone_verify, verifier.get(), report.get(),
                                          challenge.get(), std::int64_t{0});
  };
  ask();
  for (auto* const text : {keystone_verdict_json, keystone_verdict_summary}) {
    testing::fail_allocations(0, 1);
    const std::string without = text(verdict.get());
    EXPECT_EQ(testing::stop_failing_allocations(), 1);
    EXPECT_EQ(without, "");
    EXPECT_STRNE(text(verdict.get()), "");
    ask();
  }
  keystone_finding finding = {};
  fail_each_allocation(
      [&](auto** e) { return keystone_verdict_finding(verdict.get(), 8, &finding, e); },
      [&](bool) { EXPECT_STREQ(finding.reason, "no_challenge"); });
  EXPECT_STREQ(keystone_verdict_summary(verdict.get()), "rejected: report_data, freshness");
}

TEST(CMemory, LeavesAPolicyAsItWas) {
  const Setting setting;
  const auto policy = testing::made<OwnedPolicy>(keystone_policy_new);
  const auto add = [&](const auto& call) { fail_each_allocation(call, [](bool) {}); };
  const DevicePublicKey key = setting.attester.device_key();
  // An entry that was left behind would be there "a second time".
  add([&](auto** e) { return keystone_policy_add_device(policy.get(), key.bytes().data(), e); });
  add([&](auto** e) {
    return keystone_policy_add_sm_hash(policy.get(), setting.attester.sm_hash.bytes().data(), e);
  });
  add([&](auto** e) {
    return keystone_policy_add_enclave_hash(policy.get(),
                                            setting.attester.enclave_hash.bytes().data(), e);
  });
  add([&](auto** e) {
    return keystone_policy_waive(policy.get(), "freshness", "a reason that is longer than it is",
                                 e);
  });
}

// A nonce that was not redeemed is not spent, and one that was is.
TEST(CMemory, SpendsANonceOnlyWithAnAnswer) {
  const std::array<std::uint8_t, 32> key = testing::bytes_for<32>("issuer key");
  const auto issuer =
      testing::made<OwnedIssuer>(keystone_issuer_new, key.data(), std::size_t{32}, 60U);
  const auto replays = testing::made<OwnedReplaySet>(keystone_replay_set_new, std::size_t{100});
  std::array<std::uint8_t, 32> nonce{};
  fail_each_allocation(
      [&](auto** e) { return keystone_issuer_issue(issuer.get(), 1000, nonce.data(), 32, e); },
      [](bool) {});
  keystone_challenge_time time = {};
  fail_each_allocation(
      [&](auto** e) {
        return keystone_issuer_redeem(issuer.get(), nonce.data(), 32, 1000, replays.get(), &time,
                                      e);
      },
      [&](bool) { EXPECT_EQ(time.standing, KEYSTONE_STANDING_OPEN); });
}

}  // namespace
}  // namespace keystone
