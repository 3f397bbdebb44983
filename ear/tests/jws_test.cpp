// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/jws.hpp"

#include "tokens.hpp"
#include <keystone/testing/fails_with.hpp>

namespace keystone {
namespace {

using std::chrono::seconds;
using testing::fails_with;
using testing::Issuer;
using testing::kHeader;
using testing::kNow;
using testing::url;

JwkSet published_key() {
  JwkSet set;
  EXPECT_TRUE(set.add(parse_jwk(testing::kRfc7515Key).value()));
  return set;
}

JwsResult result_of(const Issuer& issuer, std::string_view header, std::string_view payload) {
  return jws_verify(issuer.token(header, payload), issuer.keys(), kNow, seconds(0))->result;
}

TEST(JwsVerify, AcceptsThePublishedToken) {
  const auto checked =
      jws_verify(testing::kRfc7515Token, published_key(), testing::kBeforeRfc7515, seconds(0));
  ASSERT_TRUE(testing::succeeds(checked));
  EXPECT_EQ(checked->result, JwsResult::valid);
  EXPECT_EQ(checked->payload,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

TEST(JwsVerify, SaysNothingOfATokenThatExpired) {
  const auto checked = jws_verify(testing::kRfc7515Token, published_key(),
                                  Instant(seconds(1'300'819'380)), seconds(0));
  EXPECT_EQ(checked->result, JwsResult::expired);
  EXPECT_EQ(checked->payload, "");
}

TEST(JwsVerify, RejectsThePublishedTokenWithAnyBitFlipped) {
  const JwkSet keys = published_key();
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < testing::kRfc7515Token.size() * 8; ++bit) {
    std::string token(testing::kRfc7515Token);
    token[bit / 8] = static_cast<char>(token[bit / 8] ^ (1 << bit % 8));
    const auto checked = jws_verify(token, keys, testing::kBeforeRfc7515, seconds(0));
    EXPECT_FALSE(checked && checked->result == JwsResult::valid) << bit;
    refused += checked ? 0U : 1U;
  }
  EXPECT_GT(refused, 0U);
}

TEST(JwsVerify, RefusesEveryPrefixOfAToken) {
  for (std::size_t size = 0; size < testing::kRfc7515Token.size(); ++size) {
    EXPECT_TRUE(fails_with(jws_verify(testing::kRfc7515Token.substr(0, size), published_key(),
                                      testing::kBeforeRfc7515, seconds(0)),
                           ErrorCode::malformed))
        << size;
  }
}

// RFC 7520, section 4.3.1: the header of a token with ES512.
TEST(JwsVerify, TakesNoOtherAlgorithmOfPublishedTokens) {
  const std::string token =
      "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.e30.AAAA";
  EXPECT_EQ(jws_verify(token, published_key(), kNow, seconds(0))->result,
            JwsResult::other_algorithm);
}

TEST(JwsVerify, TakesNoOtherAlgorithmWhateverTheSignature) {
  const Issuer issuer;
  for (const char* algorithm : {"none", "None", "HS256", "ES384", "RS256", "EdDSA", "es256", ""}) {
    const std::string header = R"({"alg":")" + std::string(algorithm) + R"(","kid":"k1"})";
    EXPECT_EQ(result_of(issuer, header, "{}"), JwsResult::other_algorithm) << algorithm;
  }
  const std::string unsigned_token = url(R"({"alg":"none"})") + "." + url("{}") + ".";
  EXPECT_EQ(jws_verify(unsigned_token, issuer.keys(), kNow, seconds(0))->result,
            JwsResult::other_algorithm);
}

TEST(JwsVerify, RefusesATokenWithoutASignature) {
  const Issuer issuer;
  EXPECT_TRUE(
      fails_with(jws_verify(url(kHeader) + "." + url("{}") + ".", issuer.keys(), kNow, seconds(0)),
                 ErrorCode::malformed, "signature"));
}

TEST(JwsVerify, RefusesASignatureInAnotherForm) {
  const Issuer issuer;
  const std::string text = url(kHeader) + "." + url("{}");
  const auto bytes = issuer.key.sign(testing::bytes_of(text)).value();
  const std::string good = base64::encode(bytes.bytes(), base64::Form::url);
  EXPECT_EQ(jws_verify(text + "." + good, issuer.keys(), kNow, seconds(0))->result,
            JwsResult::valid);
  for (const std::string& bad : {good + "==", good + "AA", good.substr(0, 84), " " + good}) {
    EXPECT_TRUE(fails_with(jws_verify(text + "." + bad, issuer.keys(), kNow, seconds(0)),
                           ErrorCode::malformed))
        << bad;
  }
}

TEST(JwsVerify, SelectsTheKeyByItsName) {
  const Issuer one;
  const Issuer other;
  JwkSet both;
  EXPECT_TRUE(both.add({"k0", other.key.public_key()}));
  EXPECT_TRUE(both.add({"k1", one.key.public_key()}));
  EXPECT_EQ(jws_verify(one.token(kHeader, "{}"), both, kNow, seconds(0))->result, JwsResult::valid);
  const auto checked = jws_verify(other.token(kHeader, "{}"), both, kNow, seconds(0));
  EXPECT_EQ(checked->result, JwsResult::mismatch);
  EXPECT_EQ(checked->kid, "k1");
}

TEST(JwsVerify, KnowsNoKeyOfAnotherName) {
  const Issuer issuer;
  EXPECT_EQ(jws_verify(issuer.token(kHeader, "{}"), issuer.keys("k2"), kNow, seconds(0))->result,
            JwsResult::unknown_key);
  EXPECT_EQ(jws_verify(issuer.token(kHeader, "{}"), JwkSet(), kNow, seconds(0))->result,
            JwsResult::unknown_key);
}

TEST(JwsVerify, NeedsANameWhereThereAreSeveralKeys) {
  const Issuer issuer;
  JwkSet two = issuer.keys();
  EXPECT_TRUE(two.add({"k2", Issuer().key.public_key()}));
  const std::string token = issuer.token(R"({"alg":"ES256"})", "{}");
  EXPECT_EQ(jws_verify(token, two, kNow, seconds(0))->result, JwsResult::unknown_key);
  EXPECT_EQ(jws_verify(token, issuer.keys(), kNow, seconds(0))->result, JwsResult::valid);
  EXPECT_EQ(jws_verify(issuer.token(kHeader, "{}"), issuer.keys(""), kNow, seconds(0))->result,
            JwsResult::valid);
}

TEST(JwsVerify, TakesNoKeyFromTheToken) {
  const Issuer issuer;
  const Issuer attacker;
  const std::string header = R"({"alg":"ES256","jwk":)" +
                             to_json(Jwk{"", attacker.key.public_key()}) +
                             R"(,"jku":"https://example.com/keys"})";
  EXPECT_EQ(jws_verify(attacker.token(header, "{}"), issuer.keys(), kNow, seconds(0))->result,
            JwsResult::mismatch);
}

TEST(JwsVerify, RefusesAHeaderThatItCannotHonour) {
  const Issuer issuer;
  for (const char* header :
       {R"({"alg":"ES256","crit":["exp"],"exp":1})", R"({"alg":"ES256","crit":[]})",
        R"({"alg":"ES256","b64":false,"crit":["b64"]})", R"({"alg":"ES256","b64":true})",
        R"({"alg":"ES256","typ":"JOSE"})", R"({"alg":"ES256","typ":7})",
        R"({"alg":"ES256","kid":7})", R"({"alg":"ES256","kid":""})",
        R"({"alg":"ES256","kid":"a\nb"})", R"({"alg":256})", R"({"kid":"k1"})", R"([])", R"(x)",
        R"({"alg":"none","alg":"ES256"})", R"({"alg":"ES256","alg":"ES256"})",
        R"({"alg":"ES256"} )"
        "{}"}) {
    EXPECT_TRUE(fails_with(jws_verify(issuer.token(header, "{}"), issuer.keys(), kNow, seconds(0)),
                           ErrorCode::malformed))
        << header;
  }
}

TEST(JwsVerify, TakesTheLongNameOfTheType) {
  const Issuer issuer;
  EXPECT_EQ(result_of(issuer, R"({"alg":"ES256","typ":"application/jwt"})", "{}"),
            JwsResult::valid);
}

TEST(JwsVerify, RefusesAPayloadThatIsNoObject) {
  const Issuer issuer;
  for (const char* payload :
       {"", "[]", "\"text\"", "{", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}", "{} {}"}) {
    EXPECT_TRUE(
        fails_with(jws_verify(issuer.token(kHeader, payload), issuer.keys(), kNow, seconds(0)),
                   ErrorCode::malformed))
        << payload;
  }
}

TEST(JwsVerify, RefusesTimesThatAreNoWholeNumbers) {
  const Issuer issuer;
  for (const char* payload :
       {R"({"exp":"1"})", R"({"exp":1.5})", R"({"nbf":-1})", R"({"iat":null})", R"({"exp":1e30})",
        R"({"exp":18446744073709551615})", R"({"exp":253402300800})"}) {
    EXPECT_TRUE(
        fails_with(jws_verify(issuer.token(kHeader, payload), issuer.keys(), kNow, seconds(0)),
                   ErrorCode::malformed))
        << payload;
  }
}

TEST(JwsVerify, IsExactAboutTimes) {
  const Issuer issuer;
  const auto payload = [](const char* name, std::int64_t offset) {
    return "{\"" + std::string(name) +
           "\":" + std::to_string(kNow.time_since_epoch().count() + offset) + "}";
  };
  EXPECT_EQ(result_of(issuer, kHeader, payload("exp", 1)), JwsResult::valid);
  EXPECT_EQ(result_of(issuer, kHeader, payload("exp", 0)), JwsResult::expired);
  for (const char* name : {"nbf", "iat"}) {
    EXPECT_EQ(result_of(issuer, kHeader, payload(name, 0)), JwsResult::valid) << name;
    EXPECT_EQ(result_of(issuer, kHeader, payload(name, 1)), JwsResult::not_yet_valid) << name;
  }
}

TEST(JwsVerify, GivesLeewayBothWays) {
  const Issuer issuer;
  const auto at = [&](const std::string& payload) {
    return jws_verify(issuer.token(kHeader, payload), issuer.keys(), kNow, seconds(10))->result;
  };
  const std::int64_t now = kNow.time_since_epoch().count();
  EXPECT_EQ(at("{\"exp\":" + std::to_string(now - 9) + "}"), JwsResult::valid);
  EXPECT_EQ(at("{\"exp\":" + std::to_string(now - 10) + "}"), JwsResult::expired);
  EXPECT_EQ(at("{\"nbf\":" + std::to_string(now + 10) + "}"), JwsResult::valid);
  EXPECT_EQ(at("{\"nbf\":" + std::to_string(now + 11) + "}"), JwsResult::not_yet_valid);
}

TEST(JwsVerify, ReadsNoTokenThatIsTooLong) {
  EXPECT_TRUE(fails_with(jws_verify(std::string(kMaxToken + 1, 'a'), JwkSet(), kNow, seconds(0)),
                         ErrorCode::limit_exceeded));
}

}  // namespace
}  // namespace keystone
