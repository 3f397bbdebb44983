// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/jwk.hpp"

#include "tokens.hpp"
#include <keystone/testing/fails_with.hpp>

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using testing::fails_with;
using testing::Issuer;

// The published key with some members changed; null takes one away.
std::string changed(const nlohmann::json& changes) {
  auto json = nlohmann::json::parse(testing::kRfc7515Key);
  json.merge_patch(changes);
  return json.dump();
}

TEST(Jwk, ReadsThePublishedKey) {
  const auto jwk = parse_jwk(testing::kRfc7515Key);
  ASSERT_TRUE(testing::succeeds(jwk));
  EXPECT_EQ(jwk->kid, "");
  EXPECT_EQ(hex::encode(jwk->key.x()),
            "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445");
}

TEST(Jwk, ReadsWhatItWrites) {
  const Jwk jwk{"name", Issuer().key.public_key()};
  const auto again = parse_jwk(to_json(jwk)).value();
  EXPECT_EQ(again.kid, jwk.kid);
  EXPECT_EQ(again.key, jwk.key);
  EXPECT_EQ(to_json(again), to_json(jwk));
}

TEST(Jwk, TakesNoKeyOfAnotherKind) {
  for (const auto& changes : {nlohmann::json{{"kty", "OKP"}},
                              {{"kty", nullptr}},
                              {{"crv", "P-384"}},
                              {{"crv", nullptr}},
                              {{"alg", "ES384"}},
                              {{"alg", 256}},
                              {{"use", "enc"}}}) {
    EXPECT_TRUE(fails_with(parse_jwk(changed(changes)), ErrorCode::malformed)) << changes;
  }
}

TEST(Jwk, TakesNoPrivateKey) {
  const auto read = parse_jwk(changed({{"d", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}}));
  EXPECT_TRUE(fails_with(read, ErrorCode::malformed, "private"));
  EXPECT_EQ(read.error().message.find("jpsQ"), std::string::npos);
}

TEST(Jwk, TakesNoDamagedCoordinates) {
  for (const auto& changes :
       {nlohmann::json{{"x", nullptr}},
        {{"x", 7}},
        {{"x", ""}},
        {{"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU="}},
        {{"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV"}},   // an unused bit is set
        {{"x", "AH_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF"}},  // a zero before it
        {{"x", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}}) {
    EXPECT_TRUE(fails_with(parse_jwk(changed(changes)), ErrorCode::malformed)) << changes;
  }
}

TEST(Jwk, TakesNoNameThatCannotBeShown) {
  for (const char* kid : {"", "a\nb", "\x1b[2J", "caf\xc3\xa9"}) {
    EXPECT_TRUE(fails_with(parse_jwk(changed({{"kid", kid}})), ErrorCode::malformed)) << kid;
  }
}

// Computed by python's hashlib over the members that RFC 7638, section 3.2 names.
TEST(Jwk, HasTheThumbprintOfTheStandard) {
  EXPECT_EQ(thumbprint(parse_jwk(testing::kRfc7515Key)->key),
            "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

TEST(JwkSet, ReadsWhatItWrites) {
  JwkSet set;
  EXPECT_TRUE(set.add({"a", Issuer().key.public_key()}));
  EXPECT_TRUE(set.add({"b", Issuer().key.public_key()}));
  const auto again = JwkSet::parse(set.serialize()).value();
  ASSERT_EQ(again.keys().size(), 2U);
  EXPECT_EQ(again.serialize(), set.serialize());
  EXPECT_EQ(*again.find("b"), set.keys()[1].key);
  EXPECT_EQ(again.find("c"), nullptr);
  EXPECT_EQ(again.find(""), nullptr);
}

TEST(JwkSet, LeavesOutKeysOfOtherKinds) {
  const auto set = JwkSet::parse(R"({"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"},{"kty":"oct"},{},)" +
                                 std::string(testing::kRfc7515Key) + "]}");
  ASSERT_TRUE(testing::succeeds(set));
  EXPECT_EQ(set->keys().size(), 1U);
}

TEST(JwkSet, MayBeEmpty) {
  EXPECT_EQ(JwkSet::parse(R"({"keys":[]})")->find(""), nullptr);
  EXPECT_EQ(JwkSet().serialize(), R"({"keys":[]})");
}

TEST(JwkSet, RefusesWhatIsDamaged) {
  const std::string key(testing::kRfc7515Key);
  const std::string named = changed({{"kid", "a"}});
  for (const std::string& text :
       {std::string("{}"), std::string("[]"), std::string(R"({"keys":{}})"),
        std::string(R"({"keys":[7]})"), std::string(R"({"keys":[],"keys":[]})"), key,
        R"({"keys":[)" + changed({{"x", "AA"}}) + "]}",
        R"({"keys":[)" + changed({{"d", "AA"}}) + "]}", R"({"keys":[)" + key + "," + key + "]}",
        R"({"keys":[)" + named + "," + named + "]}"}) {
    EXPECT_TRUE(fails_with(JwkSet::parse(text), ErrorCode::malformed)) << text;
  }
}

TEST(JwkSet, HasLimits) {
  JwkSet set;
  const auto key = parse_jwk(testing::kRfc7515Key)->key;
  for (std::size_t i = 0; i < JwkSet::kMaxKeys; ++i) {
    ASSERT_TRUE(set.add({"k" + std::to_string(i), key}));
  }
  EXPECT_TRUE(fails_with(set.add({"one more", key}), ErrorCode::usage));
  EXPECT_TRUE(JwkSet::parse(set.serialize()));
  std::string text = set.serialize();
  text.insert(text.size() - 2, "," + changed({{"kid", "one more"}}));
  EXPECT_TRUE(fails_with(JwkSet::parse(text), ErrorCode::limit_exceeded));
  EXPECT_TRUE(
      fails_with(JwkSet::parse(std::string(JwkSet::kMaxText + 1, ' ')), ErrorCode::limit_exceeded));
}

TEST(JwkSet, TakesNoNameTwice) {
  JwkSet set = Issuer().keys("a");
  EXPECT_TRUE(fails_with(set.add({"a", Issuer().key.public_key()}), ErrorCode::usage));
  EXPECT_TRUE(fails_with(set.add({"a\n", Issuer().key.public_key()}), ErrorCode::usage));
}

}  // namespace
}  // namespace keystone
