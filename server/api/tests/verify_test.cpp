// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/base64.hpp"
#include "keystone/testing/fails_with.hpp"
#include "verify_setting.hpp"

namespace keystone::testing {
namespace {

TEST_F(Verify, AnswersWithAVerdictAndASignedResult) {
  const auto reply = verify(good());
  ASSERT_EQ(reply.status, 200U) << reply.body;
  EXPECT_EQ(reply.json().at("accepted"), true);
  EXPECT_EQ(reply.json().at("verdict").at("schema"), "keystone.verdict/1");
  const auto ear = site.ear_in(reply.json().at("ear").get<std::string>());
  EXPECT_TRUE(ear.accepted());
  EXPECT_EQ(ear.nonce, std::vector<std::uint8_t>(nonce.begin(), nonce.end()));
  const auto found = site.store->find_result(reply.json().at("id")).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result.device, site.attester.device_key().hex());
}

TEST_F(Verify, AcceptsANonceOnce) {
  EXPECT_EQ(verify(good()).json().at("accepted"), true);
  const auto again = verify(good());
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.json().at("accepted"), false);
  EXPECT_EQ(failed(again.json().at("verdict")), std::vector<std::string>{"freshness"});
  EXPECT_EQ(site.recorded(true), 1U);
  EXPECT_EQ(site.recorded(false), 1U);
}

TEST_F(Verify, AcceptsTheSameBytesOnceUnderAnyKind) {
  ASSERT_EQ(verify(good()).json().at("accepted"), true);
  for (const char* const kind : {"nonce_prefix", "data"}) {
    Json other = good();
    other["challenge"]["kind"] = kind;
    EXPECT_EQ(verify(other).json().at("accepted"), false) << kind;
  }
}

TEST_F(Verify, AcceptsDataOfAnyLengthOnce) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{65}, std::size_t{1024}}) {
    const std::vector<std::uint8_t> data(size, 7);
    Json request = verification(site.attester.report(data), data);
    request["challenge"]["kind"] = "data";
    const auto first = verify(request);
    EXPECT_EQ(first.json().at("accepted"), true) << size;
    EXPECT_EQ(site.ear_in(first.json().at("ear").get<std::string>()).nonce->size(), 64U);
    EXPECT_EQ(verify(request).json().at("accepted"), false) << size;
  }
}

TEST_F(Verify, AcceptsAChannelBindingOnce) {
  const auto binding = bytes_for<64>("binding");
  Json request = verification(site.attester.report(binding), binding);
  request["challenge"]["kind"] = "channel";
  EXPECT_EQ(verify(request).json().at("accepted"), true);
  EXPECT_EQ(verify(request).json().at("accepted"), false);
}

TEST_F(Verify, RejectsOutsideTheChallengesTime) {
  site.now = kNow + std::chrono::seconds(241);
  EXPECT_EQ(failed(verify(good()).json().at("verdict")), std::vector<std::string>{"freshness"});
}

TEST_F(Verify, SharesItsNoncesWithSessions) {
  const auto path = site.open("nonce=" + base64::encode(nonce, base64::Form::url));
  ASSERT_TRUE(site.ear_in(site.answer(path)).accepted());
  EXPECT_EQ(verify(good()).json().at("accepted"), false);
}

TEST_F(Verify, UsesNothingUpForARequestThatIsRefused) {
  Json bad = good();
  bad["policy"] = "nobodys";
  EXPECT_EQ(verify(bad).status, 400U);
  EXPECT_EQ(verify(good()).json().at("accepted"), true);
}

TEST_F(Verify, RefusesWhatIsNotARequest) {
  const auto without = [&](const char* key) {
    Json request = good();
    request.erase(key);
    return request.dump();
  };
  const auto with = [&](const char* key, const Json& value) {
    Json request = good();
    request[key] = value;
    return request.dump();
  };
  const auto challenge = [&](const char* key, const Json& value) {
    Json request = good();
    request["challenge"][key] = value;
    return request.dump();
  };
  const std::vector<std::string> bodies = {"",
                                           "{",
                                           "[]",
                                           "null",
                                           "{}",
                                           std::string("\xff"),
                                           without("evidence"),
                                           without("challenge"),
                                           with("evidence", ""),
                                           with("evidence", "AAAA"),
                                           with("evidence", "AAA"),
                                           with("evidence", "\n"),
                                           with("evidence", 4),
                                           with("other", 1),
                                           with("policy", ""),
                                           with("policy", "../x"),
                                           with("policy", nullptr),
                                           with("challenge", Json::array()),
                                           challenge("kind", "none"),
                                           challenge("kind", ""),
                                           challenge("value", "00"),
                                           challenge("value", "ABABABABABABABAB"),
                                           challenge("value", std::string(130, '0')),
                                           challenge("issued", "yesterday"),
                                           challenge("issued", 5),
                                           challenge("expires", nullptr),
                                           challenge("standing", "open"),
                                           good().dump() + good().dump()};
  for (const std::string& body : bodies) {
    const auto reply = verify(body);
    EXPECT_EQ(reply.status, 400U) << body;
    EXPECT_EQ(reply.json().at("status"), 400);
  }
  EXPECT_EQ(verify(with("media_type", "text/plain")).status, 415U);
  EXPECT_EQ(verify(good().dump(), "text/plain").status, 415U);
  EXPECT_EQ(verify("{\"evidence\":\"" + std::string(70'000, 'A') + "\"}").status, 413U);
  EXPECT_EQ(site.recorded(true) + site.recorded(false), 0U);
}

}  // namespace
}  // namespace keystone::testing
