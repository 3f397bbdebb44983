// SPDX-License-Identifier: Apache-2.0
#include "api/authorise.hpp"

#include "api/routes.hpp"
#include "api/token.hpp"
#include "keystone/crypto/random.hpp"
#include "keystone/testing/fails_with.hpp"
#include "site.hpp"

namespace keystone::testing {
namespace {

using server::Role;
using std::chrono::seconds;

constexpr const char* kResults = "/v1/results";

Asking with_token(const std::string& token) {
  return {"", {{"Authorization", "Bearer " + token}}};
}

TEST(Authorisation, LetsEachRoleDoItsOwn) {
  Site site(server::ServiceOptions{});
  EXPECT_EQ(site.ask_as(Role::admin, "GET", kResults).status, 200U);
  EXPECT_EQ(site.ask_as(Role::operator_, "GET", kResults).status, 200U);
  EXPECT_EQ(site.ask_as(Role::verifier, "GET", kResults).status, 403U);
  EXPECT_EQ(site.ask_as(Role::admin, "POST", kNewSession).status, 201U);
  EXPECT_EQ(site.ask_as(Role::verifier, "POST", kNewSession).status, 201U);
  EXPECT_EQ(site.ask_as(Role::operator_, "POST", kNewSession).status, 403U);
  EXPECT_EQ(site.ask_as(Role::operator_, "POST", "/v1/verify").status, 403U);
  EXPECT_EQ(site.ask_as(Role::operator_, "GET", "/metrics").status, 200U);
  EXPECT_EQ(site.ask_as(Role::verifier, "GET", "/metrics").status, 403U);
}

// What needs no role is listed here, so that a new route cannot become public unnoticed.
TEST(Authorisation, IsNeededForEveryOtherRoute) {
  const std::set<std::string> open = {"/.well-known/veraison/verification", "/jwks.json",
                                      "/openapi.json", "/healthz", "/readyz"};
  Site site(server::ServiceOptions{});
  for (const server::Route& route : server::all_routes()) {
    const auto reply = site.ask(route.method, route.pattern);
    EXPECT_EQ(reply.status == 401, !open.contains(std::string(route.pattern))) << route.pattern;
    if (reply.status == 401) {
      EXPECT_TRUE(reply.header("WWW-Authenticate").starts_with("Bearer ")) << route.pattern;
    }
  }
}

TEST(Authorisation, IsNotNeededOfAttestersWhereTheOptionsSaySo) {
  Site site;
  EXPECT_EQ(site.ask("POST", kNewSession).status, 201U);
  EXPECT_EQ(site.ask("GET", "/challenge-response/v1/session/x").status, 404U);
  EXPECT_EQ(site.ask("POST", "/v1/verify").status, 401U);
  EXPECT_EQ(site.ask("GET", kResults).status, 401U);
  EXPECT_EQ(site.ask("POST", kNewSession, with_token("wrong")).status, 401U);
}

TEST(Authorisation, TakesNoTokenThatIsNotGood) {
  Site site(server::ServiceOptions{});
  const std::string good = site.token_of(Role::admin);
  EXPECT_EQ(site.ask("GET", kResults, with_token(good)).status, 200U);
  for (const std::string& token : {std::string(), good + "A", good.substr(1), std::string(300, 'A'),
                                   good + " ", server::hash_of_token(good).value().hex()}) {
    EXPECT_EQ(site.ask("GET", kResults, with_token(token)).status, 401U) << token;
  }
  const auto asking = [](std::vector<server::http::Header> headers) {
    return Asking{"", std::move(headers)};
  };
  const std::string bearer = "Bearer " + good;
  EXPECT_EQ(site.ask("GET", kResults, asking({{"authorization", "bEARER " + good}})).status, 200U);
  EXPECT_EQ(site.ask("GET", kResults, asking({{"Authorization", "Basic " + good}})).status, 401U);
  EXPECT_EQ(site.ask("GET", kResults, asking({{"Authorization", good}})).status, 401U);
  EXPECT_EQ(
      site.ask("GET", kResults, asking({{"Authorization", bearer}, {"Authorization", bearer}}))
          .status,
      401U);
  EXPECT_EQ(site.ask("GET", std::string(kResults) + "?token=" + good).status, 401U);
}

TEST(Authorisation, EndsWithTheToken) {
  Site site(server::ServiceOptions{});
  const auto token = server::BearerToken::generate(fill_random);
  const std::string text(token.expose_text());
  const server::TokenRecord record{
      "t1", server::hash_of_token(text).value(), "admin", "", kNow, kNow + seconds(10), {}};
  ASSERT_TRUE(succeeds(site.store->add_token(record, {kNow, "token.added", "test", "{}"})));
  site.now = kNow + seconds(10);
  EXPECT_EQ(site.ask("GET", kResults, with_token(text)).status, 200U);
  site.now = kNow + seconds(11);
  EXPECT_EQ(site.ask("GET", kResults, with_token(text)).status, 401U);
  site.now = kNow;
  ASSERT_TRUE(site.store->revoke_token("t1", kNow, {kNow, "token.revoked", "test", "{}"}).value());
  EXPECT_EQ(site.ask("GET", kResults, with_token(text)).status, 401U);
}

TEST(Authorisation, TakesCertificatesThatHaveARole) {
  server::ServiceOptions options;
  options.certificate_roles = {{"CN=operator,O=Example", Role::operator_}};
  Site site(options);
  const auto asking = [](const char* subject) {
    return Asking{"", {}, "", {"192.0.2.1", false, true, subject}};
  };
  EXPECT_EQ(site.ask("GET", kResults, asking("CN=operator,O=Example")).status, 200U);
  EXPECT_EQ(site.ask("GET", kResults, asking("CN=operator,O=Other")).status, 401U);
  EXPECT_EQ(site.ask("POST", kNewSession, asking("CN=operator,O=Example")).status, 403U);
  Asking both = asking("CN=operator,O=Example");
  both.headers.push_back({"Authorization", "Bearer wrong"});
  EXPECT_EQ(site.ask("GET", kResults, both).status, 401U);
}

TEST(Authorisation, HidesWhatIsForOperatorsFromOtherListeners) {
  server::ServiceOptions options;
  options.admin_listener = "admin";
  Site site(options);
  const Asking admin = {"", {}, "", {}, "admin"};
  for (const char* const path : {kResults, "/v1/policies/default", "/v1/devices", "/metrics"}) {
    EXPECT_EQ(site.ask_as(Role::admin, "GET", path).status, 404U) << path;
  }
  EXPECT_EQ(site.ask_as(Role::admin, "GET", kResults, admin).status, 200U);
  EXPECT_EQ(site.ask_as(Role::admin, "POST", kNewSession).status, 201U);
}

// Of a batch, whose body is long: the same answers, for a head alone.
TEST(Authorisation, TurnsAwayBeforeALongBody) {
  Site site(server::ServiceOptions{});
  const auto turned_away = [&](const char* method, const std::string& path, Asking with = {}) {
    server::http::Request head{method, path, "", std::move(with.headers), "", {}, "id", "public"};
    const auto away = site.service->turn_away(head);
    return away ? away->status : 0U;
  };
  const std::string batch = "/v1/verify/batch";
  EXPECT_EQ(turned_away("POST", batch), 401U);
  EXPECT_EQ(turned_away("POST", batch, with_token("wrong")), 401U);
  EXPECT_EQ(turned_away("POST", batch, with_token(site.token_of(Role::operator_))), 403U);
  EXPECT_EQ(turned_away("PUT", batch, with_token(site.token_of(Role::verifier))), 405U);
  EXPECT_EQ(turned_away("OPTIONS", batch), 204U);
  EXPECT_EQ(turned_away("POST", "/nothing"), 404U);
  EXPECT_EQ(site.observer->all.size(), 6U);
  EXPECT_EQ(site.observer->all.at(2).status, 403U);
  EXPECT_EQ(site.observer->all.at(2).request_id, "id");
  EXPECT_EQ(turned_away("POST", batch, with_token(site.token_of(Role::verifier))), 0U);
  EXPECT_EQ(site.observer->all.size(), 6U);  // which handle() tells of
}

TEST(BearerToken, HasARandomPartOf256Bits) {
  const auto one = server::BearerToken::generate(fill_random);
  const auto other = server::BearerToken::generate(fill_random);
  EXPECT_EQ(one.expose_text().size(), std::string_view("keystone_").size() + 43);
  EXPECT_NE(one.expose_text(), other.expose_text());
}

TEST(RateKey, IsADigestOfTheTokenAndOfNothingElse) {
  Site site;
  server::http::Request head;
  EXPECT_FALSE(site.service->rate_key(head));
  head.headers = {{"Authorization", "Basic abc"}};
  EXPECT_FALSE(site.service->rate_key(head));
  head.headers = {{"Authorization", "Bearer abc"}};
  // SHA-256 of "abc": FIPS 180-4's example.
  EXPECT_EQ(site.service->rate_key(head),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace keystone::testing
