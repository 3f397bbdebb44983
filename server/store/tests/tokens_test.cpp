// SPDX-License-Identifier: Apache-2.0
#include "store_setting.hpp"

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

TokenHash hash_of(std::uint8_t byte) {
  return TokenHash(std::array<std::uint8_t, 32>{byte});
}

TokenRecord token_of(const std::string& id, std::uint8_t hash) {
  return TokenRecord{id, hash_of(hash), "verifier", "a label", kNow, after(60), {}};
}

using TokensTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Over, TokensTest, kBothBackends, name_of);

TEST_P(TokensTest, AreFoundByTheirHash) {
  EXPECT_TRUE(succeeds(store.add_token(token_of("t", 1), event_of("token_added"))));
  const auto found = store.find_token(hash_of(1)).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id + found->role + found->label, "tverifiera label");
  EXPECT_EQ(found->hash, hash_of(1));
  EXPECT_EQ(found->created, kNow);
  EXPECT_EQ(found->expires, after(60));
  EXPECT_EQ(found->revoked, std::nullopt);
  EXPECT_FALSE(store.find_token(hash_of(2)).value().has_value());
  EXPECT_EQ(store.audit_head().value().seq, 1U);
}

TEST_P(TokensTest, MayLastForEver) {
  TokenRecord token = token_of("t", 1);
  token.expires.reset();
  EXPECT_TRUE(succeeds(store.add_token(token, event_of("token_added"))));
  EXPECT_EQ(store.find_token(hash_of(1)).value()->expires, std::nullopt);
}

TEST_P(TokensTest, AreNotAddedTwice) {
  EXPECT_TRUE(succeeds(store.add_token(token_of("t", 1), event_of("token_added"))));
  for (const auto& token : {token_of("t", 2), token_of("u", 1), token_of("t", 1)}) {
    EXPECT_TRUE(fails_with(store.add_token(token, event_of("token_added")), ErrorCode::usage));
  }
  EXPECT_EQ(store.tokens().value().size(), 1U);
  EXPECT_EQ(store.audit_head().value().seq, 1U);
}

TEST_P(TokensTest, AreRevokedOnce) {
  EXPECT_TRUE(succeeds(store.add_token(token_of("t", 1), event_of("token_added"))));
  EXPECT_TRUE(store.revoke_token("t", after(5), event_of("token_revoked")).value());
  EXPECT_FALSE(store.revoke_token("t", after(6), event_of("token_revoked")).value());
  EXPECT_FALSE(store.revoke_token("u", after(6), event_of("token_revoked")).value());
  EXPECT_EQ(store.find_token(hash_of(1)).value()->revoked, after(5));
  EXPECT_EQ(store.audit_head().value().seq, 2U);
}

TEST_P(TokensTest, AreListedById) {
  for (const char* id : {"b", "a", "c"}) {
    EXPECT_TRUE(succeeds(
        store.add_token(token_of(id, static_cast<std::uint8_t>(*id)), event_of("token_added"))));
  }
  std::string ids;
  const auto tokens = store.tokens().value();
  for (const TokenRecord& token : tokens) {
    ids += token.id;
  }
  EXPECT_EQ(ids, "abc");
}

TEST_P(TokensTest, RefuseTextsThatABackendMightChange) {
  TokenRecord token = token_of("t", 1);
  token.label = "\xff";
  EXPECT_TRUE(
      fails_with(store.add_token(token, event_of("token_added")), ErrorCode::malformed, "label"));
  EXPECT_TRUE(fails_with(store.revoke_token("\xff", kNow, event_of("token_revoked")),
                         ErrorCode::malformed, "token id"));
}

using KeysTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Over, KeysTest, kBothBackends, name_of);

TEST_P(KeysTest, OfAllNodesAreListedAsLongAsTheyAreWanted) {
  Store other = database.open();
  EXPECT_TRUE(succeeds(store.publish_key({"k2", "{\"k\":2}", "n1", kNow, after(10)})));
  EXPECT_TRUE(succeeds(other.publish_key({"k1", "{\"k\":1}", "n2", after(5), after(20)})));
  const auto keys = store.keys(after(10)).value();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].kid + keys[0].jwk + keys[0].node, "k1{\"k\":1}n2");
  EXPECT_EQ(keys[0].not_before, after(5));
  EXPECT_EQ(keys[0].not_after, after(20));
  EXPECT_EQ(keys[1].kid, "k2");
  EXPECT_EQ(store.keys(after(11)).value().size(), 1U);
  EXPECT_TRUE(store.keys(after(21)).value().empty());
}

TEST_P(KeysTest, GetNewTimesButNeverAnotherKey) {
  EXPECT_TRUE(succeeds(store.publish_key({"k", "{}", "n", kNow, after(10)})));
  EXPECT_TRUE(succeeds(store.publish_key({"k", "{}", "n", kNow, after(30)})));
  EXPECT_EQ(store.keys(kNow).value().front().not_after, after(30));
  EXPECT_TRUE(fails_with(store.publish_key({"k", "{\"forged\":1}", "n", kNow, after(90)}),
                         ErrorCode::usage, "kid"));
  EXPECT_EQ(store.keys(kNow).value().front().jwk, "{}");
  EXPECT_TRUE(store.keys(after(31)).value().empty());
}

TEST_P(KeysTest, StayWithANodeThatGetsAnotherName) {
  EXPECT_TRUE(succeeds(store.publish_key({"k", "{}", "n", kNow, after(10)})));
  EXPECT_TRUE(succeeds(store.publish_key({"k", "{}", "m", kNow, after(10)})));
  const auto keys = store.keys(kNow).value();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys.front().node, "m");
}

TEST_P(KeysTest, RefuseTextsThatABackendMightChange) {
  EXPECT_TRUE(
      fails_with(store.publish_key({"\xff", "{}", "n", kNow, kNow}), ErrorCode::malformed, "kid"));
}

}  // namespace
}  // namespace keystone::server
