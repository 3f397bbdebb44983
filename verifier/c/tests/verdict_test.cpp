// SPDX-License-Identifier: Apache-2.0
// Each kind of challenge, its time, and what a verdict tells.
#include "support.hpp"

#include <algorithm>
#include <limits>

namespace keystone {
namespace {

using testing::bytes_for;
using testing::fails;
using testing::made;
using testing::makes_nothing;
using testing::OwnedChallenge;
using testing::OwnedVerdict;
using testing::seconds_of;
using testing::Setting;
using testing::succeeds;

class CVerdict : public ::testing::Test {
 protected:
  [[nodiscard]] static testing::OwnedReport report_with(ByteView data) {
    return testing::c_report(testing::Attester().report(data).encode_fixed());
  }

  static void set_time(const OwnedChallenge& challenge, std::int64_t issued, std::int64_t expires,
                       keystone_standing standing = KEYSTONE_STANDING_OPEN) {
    const keystone_challenge_time time = {issued, expires, standing};
    EXPECT_TRUE(
        succeeds([&](auto** e) { return keystone_challenge_set_time(challenge.get(), &time, e); }));
  }

  [[nodiscard]] OwnedVerdict verdict_on(ByteView data, const OwnedChallenge& challenge,
                                        std::int64_t now = kNow) const {
    return made<OwnedVerdict>(keystone_verify, verifier_.get(), report_with(data).get(),
                              challenge.get(), now);
  }

  [[nodiscard]] std::string summary_of(ByteView data, const OwnedChallenge& challenge,
                                       std::int64_t now = kNow) const {
    return keystone_verdict_summary(verdict_on(data, challenge, now).get());
  }

  static constexpr std::int64_t kNow = 1'000'000;
  const testing::OwnedVerifier verifier_ = testing::c_verifier(testing::Attester().policy());
  const std::array<std::uint8_t, 32> nonce_ = bytes_for<32>("nonce");
  std::vector<std::uint8_t> longer_{nonce_.begin(), nonce_.end()};

  void SetUp() override { longer_.push_back(0); }
};

TEST_F(CVerdict, OnExactDataWantsThemAllAndNoMore) {
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_data, nonce_.data(), nonce_.size());
  set_time(challenge, kNow, kNow);
  EXPECT_EQ(summary_of(nonce_, challenge), "accepted");
  EXPECT_EQ(summary_of(longer_, challenge), "rejected: report_data");
  EXPECT_EQ(summary_of(bytes_for<32>("another"), challenge), "rejected: report_data");
}

TEST_F(CVerdict, OnAnExactNonceWantsItAndNoMore) {
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_nonce, nonce_.data(), nonce_.size());
  set_time(challenge, kNow, kNow);
  EXPECT_EQ(summary_of(nonce_, challenge), "accepted");
  EXPECT_EQ(summary_of(longer_, challenge), "rejected: report_data");
}

TEST_F(CVerdict, OnANoncePrefixTakesWhatFollows) {
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_nonce_prefix, nonce_.data(), nonce_.size());
  set_time(challenge, kNow, kNow);
  EXPECT_EQ(summary_of(nonce_, challenge), "accepted");
  EXPECT_EQ(summary_of(longer_, challenge), "accepted");
  EXPECT_EQ(summary_of(ByteView(nonce_).first(31), challenge), "rejected: report_data");
}

TEST_F(CVerdict, OnNoChallengeRejects) {
  const auto challenge = made<OwnedChallenge>(keystone_challenge_none);
  EXPECT_EQ(summary_of(nonce_, challenge), "rejected: report_data, freshness");
  set_time(challenge, kNow, kNow);
  EXPECT_EQ(summary_of(nonce_, challenge), "rejected: report_data, freshness");
}

TEST_F(CVerdict, OnAChannelWantsItsBinding) {
  const std::string suite = "a suite";
  const auto keys = bytes_for<64>("keys");
  const ChannelTranscript transcript = {suite, ByteView(keys).first(32), ByteView(keys).last(32),
                                        nonce_, longer_};
  const keystone_channel_transcript c_transcript = {
      suite.c_str(),  keys.data(),   32, keys.data() + 32, 32, nonce_.data(), nonce_.size(),
      longer_.data(), longer_.size()};
  std::array<std::uint8_t, KEYSTONE_CHANNEL_BINDING_SIZE> binding{};
  ASSERT_TRUE(
      succeeds([&](auto** e) { return keystone_bind_channel(&c_transcript, binding.data(), e); }));
  EXPECT_EQ(ChannelBinding(binding), bind_channel(transcript).value());

  const auto challenge = made<OwnedChallenge>(keystone_challenge_channel, binding.data());
  set_time(challenge, kNow, kNow);
  EXPECT_EQ(summary_of(binding, challenge), "accepted");
  binding[63] ^= 1U;
  EXPECT_EQ(summary_of(binding, challenge), "rejected: report_data");
}

TEST_F(CVerdict, OnAChannelThatIsNoneIsRefusedAndLeavesZeros) {
  const keystone_channel_transcript whole = {
      "a suite", longer_.data(), 32, longer_.data(), 32, nonce_.data(), nonce_.size(), nullptr, 0};
  const auto refuses = [](const keystone_channel_transcript* transcript, std::string_view fact) {
    std::array<std::uint8_t, KEYSTONE_CHANNEL_BINDING_SIZE> out{};
    out.fill(0xee);
    const auto refused =
        fails([&](auto** e) { return keystone_bind_channel(transcript, out.data(), e); },
              KEYSTONE_ERROR_USAGE, fact);
    EXPECT_EQ(out, decltype(out){});
    return refused;
  };
  EXPECT_TRUE(refuses(nullptr, "transcript"));
  const auto changed = [&](auto member, auto value) {
    keystone_channel_transcript transcript = whole;
    transcript.*member = value;
    return transcript;
  };
  using Transcript = keystone_channel_transcript;
  const std::pair<Transcript, const char*> refused[] = {
      {changed(&Transcript::suite, nullptr), "suite"},
      {changed(&Transcript::suite, ""), "suite"},
      {changed(&Transcript::client_public_key, nullptr), "client public key"},
      {changed(&Transcript::client_public_key_size, 0U), "client public key"},
      {changed(&Transcript::enclave_public_key, nullptr), "enclave public key"},
      {changed(&Transcript::enclave_public_key_size, 0U), "enclave public key"},
      {changed(&Transcript::nonce, nullptr), "nonce"},
      {changed(&Transcript::nonce_size, 31U), "nonce"},
      {changed(&Transcript::earlier_handshake_size, 1U), "earlier handshake"}};
  for (const auto& transcript : refused) {
    EXPECT_TRUE(refuses(&transcript.first, transcript.second)) << transcript.second;
  }
  EXPECT_TRUE(fails([&](auto** e) { return keystone_bind_channel(&whole, nullptr, e); },
                    KEYSTONE_ERROR_USAGE, "out"));
}

TEST_F(CVerdict, OnAChallengeOfAnotherSizeIsNotMade) {
  const std::vector<std::uint8_t> bytes(1025);
  for (const auto ask : {keystone_challenge_exact_nonce, keystone_challenge_nonce_prefix}) {
    EXPECT_TRUE(makes_nothing<OwnedChallenge>(KEYSTONE_ERROR_USAGE, "nonce: got 7 bytes", ask,
                                              bytes.data(), 7U));
    EXPECT_TRUE(makes_nothing<OwnedChallenge>(KEYSTONE_ERROR_USAGE, "nonce: got 65 bytes", ask,
                                              bytes.data(), 65U));
    EXPECT_NE(made<OwnedChallenge>(ask, bytes.data(), 8U), nullptr);
    EXPECT_NE(made<OwnedChallenge>(ask, bytes.data(), 64U), nullptr);
  }
  EXPECT_NE(made<OwnedChallenge>(keystone_challenge_exact_data, bytes.data(), 1024U), nullptr);
  EXPECT_TRUE(makes_nothing<OwnedChallenge>(KEYSTONE_ERROR_USAGE, "data: got 1025 bytes",
                                            keystone_challenge_exact_data, bytes.data(), 1025U));
}

TEST_F(CVerdict, AcceptsWithinTheTimeOfTheChallengeOnly) {
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_nonce, nonce_.data(), nonce_.size());
  EXPECT_EQ(summary_of(nonce_, challenge), "rejected: freshness");
  set_time(challenge, kNow, kNow + 60);
  EXPECT_EQ(summary_of(nonce_, challenge, kNow - 1), "rejected: freshness");
  EXPECT_EQ(summary_of(nonce_, challenge, kNow), "accepted");
  EXPECT_EQ(summary_of(nonce_, challenge, kNow + 60), "accepted");
  EXPECT_EQ(summary_of(nonce_, challenge, kNow + 61), "rejected: freshness");
  set_time(challenge, kNow, kNow + 60, KEYSTONE_STANDING_USED_BEFORE);
  EXPECT_EQ(summary_of(nonce_, challenge), "rejected: freshness");
  set_time(challenge, kNow, kNow + 60, KEYSTONE_STANDING_NOT_ISSUED);
  EXPECT_EQ(summary_of(nonce_, challenge), "rejected: freshness");
  set_time(challenge, kNow, kNow + 60);
  EXPECT_EQ(summary_of(nonce_, challenge), "accepted");
}

TEST_F(CVerdict, OnAChallengeWithoutExpiryNeedsAnAgeInThePolicy) {
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_nonce, nonce_.data(), nonce_.size());
  set_time(challenge, kNow, KEYSTONE_NO_EXPIRY);
  EXPECT_EQ(summary_of(nonce_, challenge), "rejected: freshness");
  Policy policy = testing::Attester().policy();
  policy.max_age = testing::seconds(60);
  const auto by_age = testing::c_verifier(policy);
  for (const auto& [age, accepted] : {std::pair(0, 1), std::pair(60, 1), std::pair(61, 0)}) {
    const auto verdict = made<OwnedVerdict>(keystone_verify, by_age.get(),
                                            report_with(nonce_).get(), challenge.get(), kNow + age);
    EXPECT_EQ(keystone_verdict_accepted(verdict.get()), accepted) << age;
  }
}

TEST_F(CVerdict, RejectsAtTheEndsOfTime) {
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_nonce, nonce_.data(), nonce_.size());
  set_time(challenge, kNow, kNow);
  EXPECT_EQ(summary_of(nonce_, challenge, kFirst), "rejected: freshness");
  EXPECT_EQ(summary_of(nonce_, challenge, kLast), "rejected: freshness");
  set_time(challenge, kLast, kFirst);
  EXPECT_EQ(summary_of(nonce_, challenge), "rejected: freshness");
}

TEST_F(CVerdict, OutlivesEverythingItCameFrom) {
  auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_nonce, nonce_.data(), nonce_.size());
  auto report = report_with(nonce_);
  auto verifier = testing::c_verifier(testing::Attester().policy());
  const auto verdict =
      made<OwnedVerdict>(keystone_verify, verifier.get(), report.get(), challenge.get(), kNow);
  challenge = nullptr;
  report = nullptr;
  verifier = nullptr;
  EXPECT_STREQ(keystone_verdict_summary(verdict.get()), "rejected: freshness");
  EXPECT_EQ(std::string_view(keystone_verdict_json(verdict.get())).substr(0, 35),
            "{\n  \"schema\": \"keystone.verdict/1\",");
}

TEST_F(CVerdict, HasNoFindingBeyondItsCount) {
  const auto verdict = verdict_on(nonce_, made<OwnedChallenge>(keystone_challenge_none));
  ASSERT_EQ(keystone_verdict_count(verdict.get()), kCheckCount);
  for (const std::size_t index : {kCheckCount, std::numeric_limits<std::size_t>::max()}) {
    keystone_finding finding = {nullptr, KEYSTONE_PASSED, nullptr, nullptr, nullptr, nullptr};
    EXPECT_TRUE(
        fails([&](auto** e) { return keystone_verdict_finding(verdict.get(), index, &finding, e); },
              KEYSTONE_ERROR_USAGE, "index"));
    EXPECT_EQ(finding.result, KEYSTONE_NOT_EVALUATED);
    for (const char* const text :
         {finding.check, finding.field, finding.got, finding.want, finding.reason}) {
      EXPECT_STREQ(text, "");
    }
  }
  EXPECT_TRUE(
      fails([&](auto** e) { return keystone_verdict_finding(verdict.get(), 0, nullptr, e); },
            KEYSTONE_ERROR_USAGE, "out"));
}

}  // namespace
}  // namespace keystone
