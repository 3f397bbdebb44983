// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/base64.hpp"
#include "keystone/testing/fails_with.hpp"
#include "site.hpp"

#include <set>

namespace keystone::testing {
namespace {

using server::Role;
using std::chrono::seconds;

constexpr std::string_view kSessionType =
    "application/vnd.veraison.challenge-response-session+json";

class Sessions : public ::testing::Test {
 protected:
  Sessions() { site.put_policy(); }
  Site site;
};

TEST_F(Sessions, BeginWaitingWithANonce) {
  const auto reply = site.ask("POST", kNewSession);
  EXPECT_EQ(reply.status, 201U);
  EXPECT_EQ(reply.header("Content-Type"), kSessionType);
  EXPECT_TRUE(reply.header("Location").starts_with("/challenge-response/v1/session/"));
  EXPECT_EQ(nonce_in(reply).size(), 32U);
  EXPECT_EQ(reply.json().at("expiry"), "2026-06-01T12:05:00Z");
  EXPECT_EQ(reply.json().at("status"), "waiting");
  EXPECT_EQ(reply.json().at("state"), "waiting");
  EXPECT_EQ(reply.json().at("accept").at(0), kReportType);
  EXPECT_FALSE(reply.json().contains("result"));
}

TEST_F(Sessions, HaveNoncesOfTheSizeThatIsAskedFor) {
  for (const std::size_t size : {8U, 33U, 64U}) {
    const auto path = site.open("nonceSize=" + std::to_string(size));
    EXPECT_EQ(nonce_in(site.ask("GET", path)).size(), size);
    EXPECT_EQ(site.answer(path).status, 200U);
  }
  EXPECT_EQ(site.recorded(true), 3U);
}

TEST_F(Sessions, RefuseQueriesThatSayNothing) {
  for (const char* const query :
       {"nonceSize=7", "nonceSize=65", "nonceSize=-1", "nonceSize=", "nonceSize=32&nonceSize=32",
        "nonce=AAAA", "nonce=", "nonce=%", "nonce=%zz", "nonce=AAAAAAAAAAB", "nonce=%00AAAAAAAAAA",
        "nonce=AAAAAAAAAAA&nonceSize=8", "policy=", "policy=..", "policy=nobodys", "policy=a%2Fb",
        "policy=%FF", "other=1", "access_token=secret"}) {
    const auto reply = site.ask("POST", kNewSession, {.query = query});
    EXPECT_EQ(reply.status, 400U) << query;
    EXPECT_EQ(reply.body.find("secret"), std::string::npos);
  }
}

TEST_F(Sessions, TakeACallersNonceInAnyBase64) {
  const auto bytes = bytes_for<31>("caller's");
  using base64::Form;
  for (const Form form : {Form::standard, Form::url, Form::url_padded}) {
    std::string text = base64::encode(bytes, form);
    if (const auto equals = text.find('='); equals != std::string::npos) {
      text.replace(equals, std::string::npos, "%3D%3D");
    }
    const auto reply = site.ask("POST", kNewSession, {.query = "nonce=" + text});
    ASSERT_EQ(reply.status, 201U) << text;
    EXPECT_EQ(nonce_in(reply), std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  }
  EXPECT_EQ(site.ask("POST", kNewSession, {.query = "nonce=%2B/v7%2B/v7%2B/v7%2Bw"}).status, 201U);
  EXPECT_EQ(site.ask("POST", kNewSession, {.query = "nonce=%2B/v7-_v7%2B/v7%2Bw"}).status, 400U);
}

TEST_F(Sessions, SpellNoncesAsConfigured) {
  site.options.nonce_spelling = server::NonceSpelling::base64url;
  ASSERT_TRUE(succeeds(site.service->reload(site.options)));
  const auto text = site.ask("POST", kNewSession).json().at("nonce").get<std::string>();
  EXPECT_TRUE(succeeds(base64::decode("nonce", text, base64::Form::url)));
}

TEST_F(Sessions, EndWithASignedResult) {
  const auto path = site.open();
  const auto nonce = nonce_in(site.ask("GET", path));
  const auto reply = site.answer(path);
  ASSERT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.header("Content-Type"), kSessionType);
  EXPECT_EQ(reply.json().at("status"), "complete");
  const auto ear = site.ear_in(reply);
  EXPECT_TRUE(ear.accepted());
  EXPECT_EQ(ear.nonce, nonce);
  EXPECT_EQ(ear.issued, kNow);
  EXPECT_EQ(ear.expires, kNow + seconds(300));
  EXPECT_EQ(ear.submods.at("sm").policy_ids, std::vector<std::string>{"default@1"});
  EXPECT_EQ(site.ask("GET", path).json(), reply.json());
}

TEST_F(Sessions, AreAnsweredOnce) {
  const auto path = site.open();
  const auto first = site.answer(path);
  EXPECT_EQ(site.answer(path).status, 409U);
  EXPECT_EQ(site.ask("GET", path).json(), first.json());
  EXPECT_EQ(site.recorded(true), 1U);
  EXPECT_EQ(site.recorded(false), 0U);
}

TEST_F(Sessions, AreOverWhenTheAnswerWasWrong) {
  const auto path = site.open();
  const auto reply = site.answer(path, site.attester.report(bytes_for<32>("another nonce")));
  EXPECT_EQ(reply.status, 200U);
  EXPECT_FALSE(site.ear_in(reply).accepted());
  EXPECT_EQ(site.answer(path).status, 409U);
  EXPECT_EQ(site.recorded(true), 0U);
}

TEST_F(Sessions, RejectANonceThatAnotherSessionUsed) {
  const auto first = site.open("nonce=AAECAwQFBgcICQ");
  const auto second = site.open("nonce=AAECAwQFBgcICQ");
  EXPECT_NE(first, second);
  EXPECT_TRUE(site.ear_in(site.answer(first)).accepted());
  const auto replayed = site.answer(second);
  EXPECT_EQ(replayed.status, 200U);
  EXPECT_EQ(site.ear_in(replayed).overall(), TrustTier::contraindicated);
  EXPECT_EQ(site.ask("GET", second).json(), replayed.json());
  EXPECT_EQ(site.answer(second).status, 409U);
  EXPECT_EQ(site.recorded(true), 1U);
  EXPECT_EQ(site.recorded(false), 1U);
}

TEST_F(Sessions, RejectANonceOfOursThatSomebodyBringsAsTheirs) {
  const auto path = site.open();
  const auto nonce = nonce_in(site.ask("GET", path));
  ASSERT_TRUE(site.ear_in(site.answer(path)).accepted());
  site.now = kNow + std::chrono::hours(24 * 29);
  const auto again = site.open("nonce=" + base64::encode(nonce, base64::Form::url));
  EXPECT_FALSE(site.ear_in(site.answer(again)).accepted());
}

TEST_F(Sessions, ExpireAfterTheirLastSecond) {
  const auto path = site.open();
  const auto report = site.attester.report(nonce_in(site.ask("GET", path)));
  site.now = kNow + seconds(300);
  EXPECT_EQ(site.ask("GET", path).status, 200U);
  site.now = kNow + seconds(301);
  EXPECT_EQ(site.ask("GET", path).status, 410U);
  EXPECT_EQ(site.answer(path, report).status, 410U);
  EXPECT_EQ(site.ask("DELETE", path).status, 410U);
  site.now = kNow + seconds(300);
  EXPECT_TRUE(site.ear_in(site.answer(path, report)).accepted());
}

TEST_F(Sessions, AreGoneWhenClosed) {
  const auto path = site.open();
  const auto report = site.attester.report(nonce_in(site.ask("GET", path)));
  EXPECT_EQ(site.ask("DELETE", path).status, 204U);
  EXPECT_EQ(site.ask("DELETE", path).status, 404U);
  EXPECT_EQ(site.ask("GET", path).status, 404U);
  EXPECT_EQ(site.answer(path, report).status, 404U);
  EXPECT_EQ(site.recorded(true), 0U);
}

TEST_F(Sessions, LeaveTheirResultOnRecordWhenClosed) {
  const auto path = site.open();
  ASSERT_EQ(site.answer(path).status, 200U);
  EXPECT_EQ(site.ask("DELETE", path).status, 204U);
  EXPECT_EQ(site.ask("GET", path).status, 404U);
  EXPECT_EQ(site.recorded(true), 1U);
}

TEST_F(Sessions, HaveIdsThatNobodyElseCanMake) {
  const auto path = site.open();
  for (std::size_t i = path.rfind('/') + 1; i < path.size(); ++i) {
    std::string changed = path;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(site.ask("GET", changed).status, 404U) << i;
    EXPECT_EQ(site.answer(changed, site.attester.report({})).status, 404U) << i;
  }
  const std::string root(path.substr(0, path.rfind('/') + 1));
  for (const char* const id : {"", "a", "..", "%2e%2e", "a/b"}) {
    EXPECT_EQ(site.ask("GET", root + id).status, 404U) << id;
  }
}

TEST_F(Sessions, AreServedByEveryNodeOfAStore) {
  Site other({.anonymous_attesters = true}, open_store(site.folder));
  const auto path = site.open();
  EXPECT_EQ(other.answer(path).status, 200U);
  EXPECT_EQ(site.ask("GET", path).json().at("state"), "complete");
  EXPECT_EQ(site.answer(path).status, 409U);
}

TEST_F(Sessions, AreNoMoreThanMayBeOpen) {
  site.options.max_open_sessions = 2;
  ASSERT_TRUE(succeeds(site.service->reload(site.options)));
  const auto first = site.open();
  (void)site.open();
  const auto full = site.ask("POST", kNewSession);
  EXPECT_EQ(full.status, 503U);
  EXPECT_EQ(full.header("Retry-After"), "300");
  ASSERT_EQ(site.answer(first).status, 200U);
  EXPECT_EQ(site.ask("POST", kNewSession).status, 201U);
}

TEST_F(Sessions, WriteNothingBeforeTheyAreAnswered) {
  const auto before = site.store->statistics().writes;
  for (int i = 0; i < 100; ++i) {
    (void)site.open();
  }
  EXPECT_EQ(site.store->statistics().writes, before);
}

TEST_F(Sessions, AreAnsweredWithNothingWhereNothingCanBeSigned) {
  const auto path = site.open();
  const auto report = site.attester.report(nonce_in(site.ask("GET", path)));
  site.signer->break_off();
  const auto reply = site.answer(path, report);
  EXPECT_EQ(reply.status, 500U);
  EXPECT_EQ(reply.body.find("gone"), std::string::npos);
  EXPECT_EQ(site.recorded(true), 0U);
}

}  // namespace
}  // namespace keystone::testing
