// SPDX-License-Identifier: Apache-2.0
#include "store_setting.hpp"

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

using NoncesTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Over, NoncesTest, kBothBackends, name_of);

TEST_P(NoncesTest, ForgetsWhatExpiredAndNothingElse) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(store.spend(nonce_of(static_cast<std::uint64_t>(i)), after(i)).value());
  }
  EXPECT_EQ(store.expire(after(2)), 2U);
  EXPECT_EQ(store.expire(after(2)), 0U);
  // The one of this very second is still remembered, and so are the later ones.
  for (int i = 2; i < 5; ++i) {
    EXPECT_FALSE(store.spend(nonce_of(static_cast<std::uint64_t>(i)), after(600)).value());
  }
}

TEST_P(NoncesTest, CountsANonceThatItMayHaveForgottenAsSpent) {
  EXPECT_TRUE(store.spend(nonce_of(1), after(1)).value());
  EXPECT_EQ(store.expire(after(10)), 1U);
  EXPECT_FALSE(store.spend(nonce_of(1), after(1)).value());
  EXPECT_FALSE(store.spend(nonce_of(2), after(0)).value());
  EXPECT_EQ(settle(store, {settlement_of("r", {{nonce_of(3), after(1)}})}),
            std::vector{Settled::spent_before});
  EXPECT_TRUE(store.spend(nonce_of(4), after(2)).value());
  EXPECT_FALSE(database.open().spend(nonce_of(1), after(1)).value());
}

TEST_P(NoncesTest, ForgetsInStepsThatAreBounded) {
  std::vector<Settlement> settlements;
  constexpr std::size_t kCount = Store::kStep + 500;
  for (std::size_t i = 0; i < kCount; ++i) {
    settlements.push_back(settlement_of(std::to_string(i), {{nonce_of(i), after(1)}}));
  }
  ASSERT_TRUE(succeeds(settle(store, settlements)));
  EXPECT_EQ(store.expire(after(2)), Store::kStep);
  // Those of the same second that are left count as spent as before.
  for (const std::uint64_t i : {std::uint64_t{0}, std::uint64_t{kCount - 1}}) {
    EXPECT_FALSE(store.spend(nonce_of(i), after(1)).value());
  }
  EXPECT_EQ(store.expire(after(2)), kCount - Store::kStep);
  EXPECT_EQ(store.expire(after(2)), 0U);
}

TEST_P(NoncesTest, ASessionIsClosedOnce) {
  EXPECT_FALSE(store.is_closed("s").value());
  EXPECT_TRUE(
      store.close_session("s", after(300), {{nonce_of(1), after(300)}}, event_of("close")).value());
  EXPECT_TRUE(store.is_closed("s").value());
  EXPECT_FALSE(store.is_closed("t").value());
  EXPECT_FALSE(
      store.close_session("s", after(300), {{nonce_of(2), after(300)}}, event_of("close")).value());
  EXPECT_EQ(store.audit_head().value().seq, 1U);
  EXPECT_FALSE(store.spend(nonce_of(1), after(300)).value());
  EXPECT_TRUE(store.spend(nonce_of(2), after(300)).value());
}

TEST_P(NoncesTest, ASessionWhoseNonceIsSpentCanBeClosed) {
  EXPECT_TRUE(store.spend(nonce_of(1), after(300)).value());
  EXPECT_TRUE(
      store.close_session("s", after(300), {{nonce_of(1), after(300)}}, event_of("close")).value());
  EXPECT_TRUE(store.is_closed("s").value());
}

TEST_P(NoncesTest, AClosedSessionIsForgottenWhenItExpired) {
  EXPECT_TRUE(store.close_session("s", after(5), {}, event_of("close")).value());
  EXPECT_EQ(store.expire(after(5)), 0U);
  EXPECT_TRUE(store.is_closed("s").value());
  EXPECT_EQ(store.expire(after(6)), 1U);
  EXPECT_FALSE(store.is_closed("s").value());
}

TEST_P(NoncesTest, RefusesASessionThatIsNoText) {
  EXPECT_TRUE(fails_with(store.close_session("\xff", after(1), {}, event_of("close")),
                         ErrorCode::malformed, "session"));
  EXPECT_TRUE(fails_with(store.is_closed("\xff"), ErrorCode::malformed, "session"));
}

TEST_P(NoncesTest, AnIssuersNonceIsGoodOnceOnAnyNode) {
  Store other = database.open();
  StoreReplaySet here(store);
  StoreReplaySet there(other);
  const auto issuer =
      ChallengeIssuer::create(store.secrets().value().expose_issuer_key(), {}).value();
  const auto same_issuer =
      ChallengeIssuer::create(other.secrets().value().expose_issuer_key(), {}).value();
  const Nonce nonce = issuer.issue(kNow, fill_random).value();
  using Standing = ChallengeTime::Standing;
  EXPECT_EQ(same_issuer.redeem(nonce, kNow, there).value().standing, Standing::open);
  EXPECT_EQ(issuer.redeem(nonce, kNow, here).value().standing, Standing::used_before);
}

TEST_P(NoncesTest, EveryStoreHasSecretsOfItsOwn) {
  const SharedSecrets secrets = store.secrets().value();
  EXPECT_NE(secrets.expose_issuer_key(), secrets.expose_sealing_key());
  EXPECT_NE(secrets.expose_issuer_key(), SharedSecrets::Key{});
  const FreshDatabase fresh(GetParam());
  EXPECT_NE(fresh.open().secrets().value().expose_issuer_key(), secrets.expose_issuer_key());
}

TEST_P(NoncesTest, SecretsThatAreDamagedAreNotUsed) {
  database.run("UPDATE secrets SET value = $1 WHERE name = 'issuer_key'", {Blob(31)});
  EXPECT_TRUE(fails_with(store.secrets(), ErrorCode::malformed, "31 bytes, want 32"));
  database.run("DELETE FROM secrets");
  EXPECT_TRUE(fails_with(store.secrets(), ErrorCode::malformed, "got none"));
}

}  // namespace
}  // namespace keystone::server
