// SPDX-License-Identifier: Apache-2.0
// What a batch of 100,000 reports of one device takes beside its input, with every verdict kept: at
// most 64 MiB, whatever the size of reports and challenges. (What many devices take beside it is
// bounded by their caches: KeyTables, KeyCache.)
#include "keystone/testing/memory.hpp"
#include "support.hpp"

#include <algorithm>

namespace keystone {
namespace {

using testing::Attester;
using testing::kNow;
using testing::made;
using testing::OwnedChallenge;
using testing::OwnedReport;
using testing::OwnedVerdict;
using testing::Setting;

constexpr std::size_t kReports = 100'000;
constexpr std::size_t kMost = std::size_t{64} << 20U;

struct Input {
  Policy policy;
  std::vector<Evidence> evidence;
  std::vector<Challenge> challenges;

  // Reports with that many bytes of data, each with bytes of its own, as is what they are asked
  // for.
  explicit Input(std::size_t data_size) : policy(Attester().policy()) {
    const std::vector<std::uint8_t> data(data_size, 7);
    const auto bytes = Attester().report(data).encode_fixed();
    for (std::size_t i = 0; i < kReports; ++i) {
      evidence.push_back({Report::parse(bytes).value()});
      challenges.push_back(Challenge::exact_data(data)->at(testing::kOpen));
    }
  }
};

TEST(BatchMemory, IsBoundedThoughEveryVerdictIsKept) {
  for (const std::size_t data_size : {32U, 1024U}) {
    const Input input(data_size);
    const Verifier verifier(input.policy);
    (void)verifier.verify_batch(std::span(input.evidence).first(128),
                                std::span(input.challenges).first(128), kNow);
    for (const unsigned threads : {1U, 4U}) {
      const testing::AllocationPeak peak;
      const auto verdicts = verifier.verify_batch(input.evidence, input.challenges, kNow, threads);
      EXPECT_LE(peak.bytes(), kMost);
      EXPECT_GT(peak.bytes(), kReports);  // the count counts
      EXPECT_TRUE(std::all_of(verdicts.begin(), verdicts.end(),
                              [](const Verdict& verdict) { return verdict.accepted(); }));
      EXPECT_EQ(verdicts.back().finding(Check::report_data).got.size(), 2 * data_size);
    }
  }
}

TEST(BatchMemory, IsBoundedForCToo) {
  const Input input(1024);
  const auto verifier = testing::c_verifier(input.policy);
  const auto bytes = input.evidence.front().report.encode_fixed();
  std::vector<OwnedReport> reports;
  std::vector<OwnedChallenge> challenges;
  std::vector<const keystone_report*> report_list;
  std::vector<const keystone_challenge*> challenge_list;
  for (std::size_t i = 0; i < kReports; ++i) {
    reports.push_back(testing::c_report(bytes));
    challenges.push_back(
        made<OwnedChallenge>(keystone_challenge_exact_data, bytes.data() + 72, std::size_t{1024}));
    report_list.push_back(reports.back().get());
    challenge_list.push_back(challenges.back().get());
  }
  std::vector<keystone_verdict*> verdicts(kReports);
  const testing::AllocationPeak peak;
  const keystone_status status =
      keystone_verify_batch(verifier.get(), report_list.data(), challenge_list.data(), kReports,
                            testing::seconds_of(kNow), 2, verdicts.data(), nullptr);
  const std::size_t needed = peak.bytes();
  const std::vector<OwnedVerdict> owned(verdicts.begin(), verdicts.end());
  ASSERT_EQ(status, KEYSTONE_OK);
  EXPECT_LE(needed, kMost);
  EXPECT_GT(needed, kReports);
  EXPECT_STREQ(keystone_verdict_summary(verdicts.back()), "rejected: freshness");
}

}  // namespace
}  // namespace keystone
