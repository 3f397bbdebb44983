// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/issuer.hpp"

#include "keystone/crypto/random.hpp"
#include "keystone/testing/fails_with.hpp"
#include "setting.hpp"

#include <cmath>

namespace keystone {
namespace {

using testing::bytes_for;
using testing::fails_with;
using testing::kNow;
using testing::seconds;
using testing::Setting;
using Standing = ChallengeTime::Standing;
using Options = ChallengeIssuer::Options;

ChallengeIssuer issuer_of(Options options, std::string_view key = "issuer key") {
  return ChallengeIssuer::create(bytes_for<ChallengeIssuer::kKeySize>(key), options).value();
}

Nonce issued_at(const ChallengeIssuer& issuer, Instant now) {
  return issuer.issue(now, fill_random).value();
}

// How a nonce stands that was never redeemed before.
Standing first_standing(const ChallengeIssuer& issuer, const Nonce& nonce, Instant now) {
  MemoryReplaySet replays(1);
  return issuer.redeem(nonce, now, replays).value().standing;
}

class NoReplaySet final : public ReplaySet {
 public:
  Result<bool> spend(const Nonce&, Instant, Instant) override {
    return fail(ErrorCode::internal, "the store is not there");
  }
};

TEST(ChallengeIssuer, IsMadeWithinItsRangesOnly) {
  const auto key = bytes_for<ChallengeIssuer::kKeySize>("issuer key");
  for (const std::size_t size : {8U, 64U}) {
    EXPECT_TRUE(ChallengeIssuer::create(key, {size, seconds(300)}));
  }
  for (const std::size_t size : {0U, 7U, 65U}) {
    EXPECT_TRUE(fails_with(ChallengeIssuer::create(key, {size, seconds(300)}), ErrorCode::usage,
                           {"nonce size: got " + std::to_string(size), "8 to 64"}));
  }
  for (const seconds lifetime : {seconds(1), seconds(86'400)}) {
    EXPECT_TRUE(ChallengeIssuer::create(key, {32, lifetime}));
  }
  for (const seconds lifetime : {seconds(-1), seconds(0), seconds(86'401), seconds::max()}) {
    EXPECT_TRUE(fails_with(ChallengeIssuer::create(key, {32, lifetime}), ErrorCode::usage,
                           {"lifetime: got ", "1 to 86400"}));
  }
}

TEST(ChallengeIssuer, MakesNoncesOfEverySizeThatItKnowsAgain) {
  for (std::size_t size = Nonce::kMinSize; size <= Nonce::kMaxSize; ++size) {
    const ChallengeIssuer issuer = issuer_of({size, seconds(300)});
    const Nonce nonce = issued_at(issuer, kNow);
    EXPECT_EQ(nonce.bytes().size(), size);
    EXPECT_NE(nonce, issued_at(issuer, kNow));
    EXPECT_EQ(first_standing(issuer, nonce, kNow), Standing::open);
  }
}

TEST(ChallengeIssuer, KnowsTheNoncesOfAnotherWithItsKey) {
  const Nonce nonce = issued_at(issuer_of({32, seconds(300)}), kNow);
  EXPECT_EQ(first_standing(issuer_of({32, seconds(300)}), nonce, kNow), Standing::open);
}

TEST(ChallengeIssuer, DoesNotKnowANonceOfAnotherKeyOrSize) {
  const ChallengeIssuer issuer = issuer_of({32, seconds(300)});
  const Nonce other = issued_at(issuer_of({32, seconds(300)}, "another key"), kNow);
  EXPECT_EQ(first_standing(issuer, other, kNow), Standing::not_issued);
  const Nonce own = issued_at(issuer, kNow);
  for (const std::size_t size : {8U, 31U}) {
    EXPECT_EQ(first_standing(issuer, Nonce::from(own.bytes().first(size)).value(), kNow),
              Standing::not_issued);
    EXPECT_EQ(first_standing(issuer_of({size, seconds(300)}), own, kNow), Standing::not_issued);
  }
}

TEST(ChallengeIssuer, DoesNotKnowANonceWithAnyBitFlipped) {
  const ChallengeIssuer issuer = issuer_of({32, seconds(300)});
  const Nonce nonce = issued_at(issuer, kNow);
  std::vector<std::uint8_t> bytes(nonce.bytes().begin(), nonce.bytes().end());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_EQ(first_standing(issuer, Nonce::from(bytes).value(), kNow), Standing::not_issued)
        << bit;
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
}

TEST(ChallengeIssuer, SaysOfAnUnknownNonceThatItIsStale) {
  Setting setting;  // its nonce is nobody's
  MemoryReplaySet replays(1);
  const auto time = issuer_of({32, seconds(300)}).redeem(setting.nonce, kNow, replays);
  setting.challenge = Challenge::exact_nonce(setting.nonce).at(time.value());
  EXPECT_TRUE(testing::rejects_for(setting.verify(), Check::freshness, "not_issued"));
  EXPECT_EQ(replays.size(), 0U);
}

// Nonces are made at every second of a while, so that each place within a slot is met.
TEST(ChallengeIssuer, LetsANonceLiveForFifteenSixteenthsOfTheLifetimeAtLeast) {
  for (const int lifetime : {1, 2, 15, 16, 17, 31, 32, 300, 86'400}) {
    const ChallengeIssuer issuer = issuer_of({32, seconds(lifetime)});
    const auto least = seconds(static_cast<int>(std::ceil(lifetime * 15.0 / 16.0)));
    for (int i = 0; i < 40; ++i) {
      const Instant made = kNow + seconds(i);
      const Nonce nonce = issued_at(issuer, made);
      EXPECT_EQ(first_standing(issuer, nonce, made), Standing::open);
      EXPECT_EQ(first_standing(issuer, nonce, made + least), Standing::open) << lifetime;
      EXPECT_EQ(first_standing(issuer, nonce, made + seconds(lifetime + 1)), Standing::not_issued)
          << lifetime;
    }
  }
}

TEST(ChallengeIssuer, SaysWhenANonceWasMadeAndWhenItEnds) {
  const ChallengeIssuer issuer = issuer_of({32, seconds(300)});
  MemoryReplaySet replays(9);
  const Nonce nonce = issued_at(issuer, kNow);
  const ChallengeTime time = issuer.redeem(nonce, kNow + seconds(250), replays).value();
  EXPECT_LE(time.issued, kNow);
  EXPECT_GE(time.issued, kNow - seconds(300 / 16));
  ASSERT_TRUE(time.expires);
  EXPECT_EQ(*time.expires - time.issued, seconds(300));
  EXPECT_EQ(first_standing(issuer, nonce, *time.expires), Standing::open);
  EXPECT_EQ(first_standing(issuer, nonce, *time.expires + seconds(1)), Standing::not_issued);
}

TEST(ChallengeIssuer, DoesNotKnowANonceOfTheFuture) {
  const ChallengeIssuer issuer = issuer_of({32, seconds(300)});
  const Nonce nonce = issued_at(issuer, kNow + seconds(3600));
  EXPECT_EQ(first_standing(issuer, nonce, kNow), Standing::not_issued);
}

TEST(ChallengeIssuer, AnswersAtTheEndsOfTime) {
  const ChallengeIssuer issuer = issuer_of({32, seconds(86'400)});
  const Nonce last = issued_at(issuer, Instant::max());
  EXPECT_EQ(first_standing(issuer, last, Instant::max()), Standing::open);
  EXPECT_EQ(first_standing(issuer, last, Instant::min()), Standing::not_issued);
  const Nonce first = issued_at(issuer, Instant::min());
  EXPECT_EQ(first_standing(issuer, first, Instant::min()), Standing::not_issued);
}

TEST(ChallengeIssuer, LetsEachNonceBeUsedOnce) {
  const ChallengeIssuer issuer = issuer_of({32, seconds(300)});
  MemoryReplaySet replays(2);
  const Nonce nonce = issued_at(issuer, kNow);
  Setting setting;
  setting.nonce = nonce;
  setting.report = setting.attester.report(nonce.bytes());
  const auto first = issuer.redeem(nonce, kNow, replays).value();
  setting.challenge = Challenge::exact_nonce(nonce).at(first);
  EXPECT_TRUE(setting.verify().accepted());
  for (const Instant when : {kNow, kNow + seconds(200), *first.expires}) {
    const auto again = issuer.redeem(nonce, when, replays).value();
    EXPECT_EQ(again.standing, Standing::used_before);
    setting.now = when;
    setting.challenge = Challenge::exact_nonce(nonce).at(again);
    EXPECT_TRUE(testing::rejects_for(setting.verify(), Check::freshness, "used_before"));
  }
}

TEST(ChallengeIssuer, HasNoAnswerWhereTheReplaySetHasNone) {
  const ChallengeIssuer issuer = issuer_of({32, seconds(300)});
  NoReplaySet broken;
  EXPECT_TRUE(fails_with(issuer.redeem(issued_at(issuer, kNow), kNow, broken), ErrorCode::internal,
                         "the store is not there"));
  MemoryReplaySet full(1);
  ASSERT_TRUE(issuer.redeem(issued_at(issuer, kNow), kNow, full));
  EXPECT_TRUE(
      fails_with(issuer.redeem(issued_at(issuer, kNow), kNow, full), ErrorCode::limit_exceeded));
}

TEST(ChallengeIssuer, KeepsItsKeyWhenItMoves) {
  ChallengeIssuer first = issuer_of({32, seconds(300)});
  const Nonce nonce = issued_at(first, kNow);
  const ChallengeIssuer second = std::move(first);
  EXPECT_EQ(first_standing(second, nonce, kNow), Standing::open);
  EXPECT_EQ(first_standing(first, nonce, kNow), Standing::not_issued);  // its key is wiped
}

}  // namespace
}  // namespace keystone
