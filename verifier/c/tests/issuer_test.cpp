// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

#include <algorithm>
#include <limits>

namespace keystone {
namespace {

using testing::bytes_for;
using testing::fails;
using testing::made;
using testing::makes_nothing;
using testing::OwnedIssuer;
using testing::OwnedReplaySet;
using testing::succeeds;

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t kStart = 1'000'000;
constexpr std::uint32_t kLifetime = 300;

bool is_zero(const Bytes& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

class CIssuer : public ::testing::Test {
 protected:
  [[nodiscard]] Bytes issue(std::int64_t now = kStart) const {
    Bytes nonce(32);
    EXPECT_TRUE(succeeds([&](auto** e) {
      return keystone_issuer_issue(issuer_.get(), now, nonce.data(), nonce.size(), e);
    }));
    return nonce;
  }

  [[nodiscard]] keystone_challenge_time redeem(const Bytes& nonce,
                                               std::int64_t now = kStart) const {
    keystone_challenge_time time = {};
    EXPECT_TRUE(succeeds([&](auto** e) {
      return keystone_issuer_redeem(issuer_.get(), nonce.data(), nonce.size(), now, replays_.get(),
                                    &time, e);
    }));
    return time;
  }

  // What a verifier says of a report with that nonce.
  [[nodiscard]] static std::string answer(const Bytes& nonce, const keystone_challenge_time& time) {
    const testing::Attester attester;
    const auto verifier = testing::c_verifier(attester.policy());
    const auto report = testing::c_report(attester.report(nonce).encode_compact());
    const auto challenge =
        made<testing::OwnedChallenge>(keystone_challenge_exact_nonce, nonce.data(), nonce.size());
    EXPECT_TRUE(
        succeeds([&](auto** e) { return keystone_challenge_set_time(challenge.get(), &time, e); }));
    const auto verdict = made<testing::OwnedVerdict>(keystone_verify, verifier.get(), report.get(),
                                                     challenge.get(), kStart);
    return keystone_verdict_summary(verdict.get());
  }

  const std::array<std::uint8_t, KEYSTONE_ISSUER_KEY_SIZE> key_ = bytes_for<32>("issuer key");
  const OwnedIssuer issuer_ =
      made<OwnedIssuer>(keystone_issuer_new, key_.data(), std::size_t{32}, kLifetime);
  const OwnedReplaySet replays_ = made<OwnedReplaySet>(keystone_replay_set_new, std::size_t{2});
};

TEST_F(CIssuer, LetsANonceBeUsedOnce) {
  const Bytes nonce = issue();
  const auto first = redeem(nonce);
  EXPECT_EQ(first.standing, KEYSTONE_STANDING_OPEN);
  EXPECT_LE(first.issued, kStart);
  EXPECT_EQ(first.expires, first.issued + kLifetime);
  EXPECT_EQ(answer(nonce, first), "accepted");
  const auto second = redeem(nonce);
  EXPECT_EQ(second.standing, KEYSTONE_STANDING_USED_BEFORE);
  EXPECT_EQ(answer(nonce, second), "rejected: freshness");
}

TEST_F(CIssuer, MakesAnotherNonceEachTime) {
  EXPECT_NE(issue(), issue());
}

TEST_F(CIssuer, KnowsNoNonceOfAnother) {
  Bytes nonce = issue();
  nonce[31] ^= 1U;
  const auto time = redeem(nonce);
  EXPECT_EQ(time.standing, KEYSTONE_STANDING_NOT_ISSUED);
  EXPECT_EQ(answer(nonce, time), "rejected: freshness");
  EXPECT_EQ(redeem(Bytes(8)).standing, KEYSTONE_STANDING_NOT_ISSUED);

  const auto other = made<OwnedIssuer>(keystone_issuer_new, bytes_for<32>("another key").data(),
                                       std::size_t{32}, kLifetime);
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_issuer_issue(other.get(), kStart, nonce.data(), nonce.size(), e);
  }));
  EXPECT_EQ(redeem(nonce).standing, KEYSTONE_STANDING_NOT_ISSUED);
}

TEST_F(CIssuer, KnowsANonceForItsLifetime) {
  const Bytes nonce = issue();
  EXPECT_EQ(redeem(nonce, kStart - 600).standing, KEYSTONE_STANDING_NOT_ISSUED);
  EXPECT_EQ(redeem(nonce, kStart + kLifetime + 1).standing, KEYSTONE_STANDING_NOT_ISSUED);
  EXPECT_EQ(redeem(nonce, kStart + kLifetime / 2).standing, KEYSTONE_STANDING_OPEN);
}

TEST_F(CIssuer, WithTheSameKeyKnowsTheNoncesOfItsTwin) {
  const auto twin = made<OwnedIssuer>(keystone_issuer_new, key_.data(), std::size_t{32}, kLifetime);
  Bytes nonce(32);
  EXPECT_TRUE(succeeds([&](auto** e) {
    return keystone_issuer_issue(twin.get(), kStart, nonce.data(), nonce.size(), e);
  }));
  EXPECT_EQ(redeem(nonce).standing, KEYSTONE_STANDING_OPEN);
}

TEST_F(CIssuer, FailsClosedWhenTheReplaySetIsFull) {
  EXPECT_EQ(redeem(issue()).standing, KEYSTONE_STANDING_OPEN);
  EXPECT_EQ(redeem(issue()).standing, KEYSTONE_STANDING_OPEN);
  const Bytes nonce = issue();
  keystone_challenge_time time = {0, KEYSTONE_NO_EXPIRY, KEYSTONE_STANDING_OPEN};
  EXPECT_TRUE(fails(
      [&](auto** e) {
        return keystone_issuer_redeem(issuer_.get(), nonce.data(), nonce.size(), kStart,
                                      replays_.get(), &time, e);
      },
      KEYSTONE_ERROR_LIMIT_EXCEEDED, "more than 2"));
  EXPECT_EQ(time.standing, KEYSTONE_STANDING_NOT_ISSUED);
  EXPECT_EQ(answer(nonce, time), "rejected: freshness");
}

TEST_F(CIssuer, RefusesASizeThatNoNonceHas) {
  const Bytes bytes(65);
  for (const std::size_t size : {0U, 7U, 65U}) {
    keystone_challenge_time time = {0, KEYSTONE_NO_EXPIRY, KEYSTONE_STANDING_OPEN};
    EXPECT_TRUE(fails(
        [&](auto** e) {
          return keystone_issuer_redeem(issuer_.get(), bytes.data(), size, kStart, replays_.get(),
                                        &time, e);
        },
        KEYSTONE_ERROR_USAGE, "nonce: got"));
    EXPECT_EQ(time.standing, KEYSTONE_STANDING_NOT_ISSUED);
  }
}

TEST_F(CIssuer, WritesZerosWhereItDoesNotIssue) {
  for (const std::size_t size : {0U, 31U, 33U}) {
    Bytes nonce(size, 0xee);
    EXPECT_TRUE(fails(
        [&](auto** e) {
          return keystone_issuer_issue(issuer_.get(), kStart, nonce.data(), size, e);
        },
        KEYSTONE_ERROR_USAGE, size == 0 ? "nonce: got NULL" : "size: got"));
    EXPECT_TRUE(is_zero(nonce));
  }
}

TEST_F(CIssuer, IsNotMadeOutsideItsLimits) {
  const auto refuses = [&](std::size_t nonce_size, std::uint32_t lifetime, std::string_view fact) {
    return makes_nothing<OwnedIssuer>(KEYSTONE_ERROR_USAGE, fact, keystone_issuer_new, key_.data(),
                                      nonce_size, lifetime);
  };
  EXPECT_TRUE(refuses(7, 60, "nonce size"));
  EXPECT_TRUE(refuses(65, 60, "nonce size"));
  EXPECT_TRUE(refuses(32, 0, "lifetime"));
  EXPECT_TRUE(refuses(32, 86'401, "lifetime"));
}

TEST_F(CIssuer, WorksAtTheEndsOfTime) {
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(redeem(issue(kFirst), kFirst).standing, KEYSTONE_STANDING_NOT_ISSUED);
  EXPECT_EQ(redeem(issue(kLast), kLast).standing, KEYSTONE_STANDING_OPEN);
  EXPECT_EQ(redeem(issue(kLast), kFirst).standing, KEYSTONE_STANDING_NOT_ISSUED);
}

}  // namespace
}  // namespace keystone
