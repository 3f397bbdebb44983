// SPDX-License-Identifier: Apache-2.0
// Many reports at once from C: the verdicts of keystone_verify(), or an error and none at all.
#include "support.hpp"

#include <algorithm>
#include <vector>

namespace keystone {
namespace {

using testing::fails;
using testing::kNow;
using testing::made;
using testing::OwnedChallenge;
using testing::OwnedVerdict;
using testing::seconds_of;
using testing::Setting;
using testing::succeeds;

// A good report and one that has a byte of its data changed, in turn.
struct Lists {
  Setting setting;
  testing::OwnedReport good = testing::c_report(setting.report.received());
  testing::OwnedReport bad = testing::c_report(changed());
  OwnedChallenge challenge = made<OwnedChallenge>(
      keystone_challenge_exact_nonce, setting.nonce.bytes().data(), setting.nonce.bytes().size());
  testing::OwnedVerifier verifier = testing::c_verifier(setting.policy);
  std::vector<const keystone_report*> reports;
  std::vector<const keystone_challenge*> challenges;
  std::vector<keystone_verdict*> verdicts;

  explicit Lists(std::size_t count)
      : challenges(count, challenge.get()), verdicts(count, testing::stale<keystone_verdict>()) {
    for (std::size_t i = 0; i < count; ++i) {
      reports.push_back(i % 2 == 0 ? good.get() : bad.get());
    }
  }

  [[nodiscard]] auto call(std::uint32_t threads) {
    return [this, threads](auto** error) {
      return keystone_verify_batch(verifier.get(), reports.data(), challenges.data(),
                                   reports.size(), seconds_of(kNow), threads, verdicts.data(),
                                   error);
    };
  }

 private:
  [[nodiscard]] std::vector<std::uint8_t> changed() const {
    const ByteView bytes = setting.report.received();
    std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    copy[80] ^= 1U;
    return copy;
  }
};

TEST(CVerifyBatch, GivesEachReportTheVerdictThatItGetsAlone) {
  for (const std::size_t count : {0U, 1U, 2U, 129U}) {
    for (const std::uint32_t threads : {0U, 1U, 2U}) {
      Lists lists(count);
      ASSERT_TRUE(succeeds(lists.call(threads)));
      for (std::size_t i = 0; i < count; ++i) {
        const OwnedVerdict got(lists.verdicts[i]);
        const auto alone =
            made<OwnedVerdict>(keystone_verify, lists.verifier.get(), lists.reports[i],
                               lists.challenges[i], seconds_of(kNow));
        EXPECT_STREQ(keystone_verdict_json(got.get()), keystone_verdict_json(alone.get()));
        EXPECT_STREQ(keystone_verdict_summary(got.get()), keystone_verdict_summary(alone.get()));
      }
    }
  }
}

// More than are copied at a time (kBlock in verdict.cpp), around whose ends each report has a
// challenge or a fault of its own.
TEST(CVerifyBatch, GivesEachOfVeryManyReportsItsOwnVerdict) {
  constexpr std::size_t kBlock = 16384;
  Lists lists(2 * kBlock + 1);
  const auto no_challenge = made<OwnedChallenge>(keystone_challenge_none);
  std::fill(lists.reports.begin(), lists.reports.end(), lists.good.get());
  const auto wants = [](std::size_t i) {
    switch (i) {
      case 0:
      case kBlock - 1:
      case 2 * kBlock:
        return "rejected: enclave_signature, report_data, freshness";
      case 1:
      case kBlock:
      case 2 * kBlock - 1:
        return "rejected: report_data, freshness";
      default:
        return "rejected: freshness";
    }
  };
  for (const std::size_t i : {std::size_t{0}, kBlock - 1, 2 * kBlock}) {
    lists.reports[i] = lists.bad.get();
  }
  for (const std::size_t i : {std::size_t{1}, kBlock, 2 * kBlock - 1}) {
    lists.challenges[i] = no_challenge.get();
  }
  ASSERT_TRUE(succeeds(lists.call(2)));
  const std::vector<OwnedVerdict> verdicts(lists.verdicts.begin(), lists.verdicts.end());
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    ASSERT_STREQ(keystone_verdict_summary(verdicts[i].get()), wants(i)) << i;
  }
}

// All that the verdicts were made from is freed before they are asked.
TEST(CVerifyBatch, MakesVerdictsThatOutliveTheirHandles) {
  std::vector<keystone_verdict*> verdicts;
  {
    Lists lists(2);
    ASSERT_TRUE(succeeds(lists.call(1)));
    verdicts = lists.verdicts;
  }
  const std::vector<OwnedVerdict> owned(verdicts.begin(), verdicts.end());
  keystone_finding finding = {};
  for (const auto& verdict : owned) {
    EXPECT_EQ(keystone_verdict_finding(verdict.get(), 1, &finding, nullptr), KEYSTONE_OK);
    EXPECT_STREQ(finding.want, "a registered device key ('board')");
  }
  EXPECT_STREQ(keystone_verdict_summary(owned[0].get()), "rejected: freshness");
}

TEST(CVerifyBatch, RefusesNullAmongTheHandlesAndMakesNoVerdict) {
  Lists without_report(3);
  without_report.reports[2] = nullptr;
  EXPECT_TRUE(fails(without_report.call(1), KEYSTONE_ERROR_USAGE, "reports[2]: got NULL"));
  EXPECT_EQ(without_report.verdicts, std::vector<keystone_verdict*>(3));
  Lists without_challenge(3);
  without_challenge.challenges[0] = nullptr;
  EXPECT_TRUE(fails(without_challenge.call(1), KEYSTONE_ERROR_USAGE, "challenges[0]: got NULL"));
  EXPECT_EQ(without_challenge.verdicts, std::vector<keystone_verdict*>(3));
}

TEST(CVerifyBatch, RefusesNullAsAList) {
  Lists lists(1);
  const auto refuses = [&](auto* verifier, auto* reports, auto* challenges, auto* verdicts,
                           std::string_view name) {
    return fails(
        [&](auto** e) {
          return keystone_verify_batch(verifier, reports, challenges, 1, 0, 1, verdicts, e);
        },
        KEYSTONE_ERROR_USAGE, name);
  };
  const auto* const verifier = lists.verifier.get();
  const auto* const* const reports = lists.reports.data();
  const auto* const* const challenges = lists.challenges.data();
  auto** const verdicts = lists.verdicts.data();
  const keystone_verifier* const no_verifier = nullptr;
  const keystone_report* const* const no_reports = nullptr;
  const keystone_challenge* const* const no_challenges = nullptr;
  keystone_verdict** const no_verdicts = nullptr;
  EXPECT_TRUE(refuses(no_verifier, reports, challenges, verdicts, "verifier: got NULL"));
  EXPECT_TRUE(refuses(verifier, no_reports, challenges, verdicts, "reports: got NULL"));
  EXPECT_TRUE(refuses(verifier, reports, no_challenges, verdicts, "challenges: got NULL"));
  EXPECT_TRUE(refuses(verifier, reports, challenges, no_verdicts, "verdicts: got NULL"));
}

}  // namespace
}  // namespace keystone
