// SPDX-License-Identifier: Apache-2.0
// What every route has in common, and what tells of the server itself.
#include "api/routes.hpp"
#include "keystone/testing/fails_with.hpp"
#include "site.hpp"

#include <algorithm>
#include <set>

namespace keystone::testing {
namespace {

using server::Role;

using RouteSet = std::set<std::pair<std::string, std::string>>;

RouteSet described_routes(const Json& openapi) {
  RouteSet routes;
  for (const auto& [path, item] : openapi.at("paths").items()) {
    for (const auto& [key, value] : item.items()) {
      if (key != "parameters") {
        std::string method = key;
        std::transform(method.begin(), method.end(), method.begin(),
                       [](char c) { return static_cast<char>(c - 'a' + 'A'); });
        routes.emplace(method, path);
      }
    }
  }
  return routes;
}

TEST(OpenApi, DescribesTheRoutesThatThereAre) {
  Site site;
  const auto reply = site.ask("GET", "/openapi.json");
  ASSERT_EQ(reply.status, 200U);
  RouteSet routes;
  for (const server::Route& route : server::all_routes()) {
    routes.emplace(route.method, route.pattern);
  }
  EXPECT_EQ(described_routes(reply.json()), routes);
}

TEST(OpenApi, RefersToWhatItHas) {
  Site site;
  const Json document = site.ask("GET", "/openapi.json").json();
  const std::function<void(const Json&)> visit = [&](const Json& value) {
    if (value.is_object() && value.contains("$ref")) {
      const auto target = value.at("$ref").get<std::string>();
      EXPECT_TRUE(document.contains(Json::json_pointer(target.substr(1)))) << target;
    }
    for (const Json& element : value.is_structured() ? value : Json::array()) {
      visit(element);
    }
  };
  visit(document);
}

TEST(Surface, HasNothingElsewhere) {
  Site site;
  for (const char* const path : {"/", "*", "//", "/v1", "/v1/", "/v1/verify/", "/v1/policies/",
                                 "/v1/policies/a/b", "/V1/verify", "/v1/verify%20", "/healthz/x"}) {
    const auto reply = site.ask("GET", path);
    EXPECT_EQ(reply.status, 404U) << path;
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
  }
}

TEST(Surface, SaysWhichMethodsThereAre) {
  Site site;
  const auto wrong = site.ask("PATCH", "/v1/policies/default");
  EXPECT_EQ(wrong.status, 405U);
  EXPECT_EQ(wrong.header("Allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
  EXPECT_EQ(site.ask("OPTIONS", "/v1/verify").status, 204U);
  EXPECT_EQ(site.ask("OPTIONS", "/v1/verify").header("Allow"), "POST, OPTIONS");
  EXPECT_EQ(site.ask("HEAD", "/healthz").status, 200U);
  EXPECT_EQ(site.ask("head", "/healthz").status, 405U);
  EXPECT_EQ(site.ask("GET", "/v1/verify").status, 405U);
}

TEST(Surface, ExplainsProblemsInTheirMediaType) {
  Site site;
  const auto reply = site.ask("POST", "/challenge-response/v1/newSession?nonceSize=7");
  EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
  const Json want = {{"type", "about:blank"},
                     {"title", "Bad Request"},
                     {"status", 400},
                     {"detail", "nonceSize: got '7', want 8 to 64"},
                     {"instance", "request-1"}};
  EXPECT_EQ(reply.json(), want);
}

TEST(Surface, RefusesForTheTransportInTheSameForm) {
  Site site;
  const auto response = site.service->refuse(431, "id", "headers: too many");
  EXPECT_EQ(response.status, 431U);
  EXPECT_EQ(Json::parse(response.body).at("title"), "Request Header Fields Too Large");
  EXPECT_EQ(Json::parse(response.body).at("detail"), "headers: too many");
}

TEST(Surface, TakesLongBodiesForBatchesAlone) {
  Site site;
  EXPECT_EQ(site.service->max_body("POST", "/v1/verify"), 65'536U);
  EXPECT_EQ(site.service->max_body("PUT", "/v1/policies/default"), 65'536U);
  EXPECT_GT(site.service->max_body("POST", "/v1/verify/batch"), 65'536U);
}

TEST(Surface, RefusesOptionsThatCannotBeMeant) {
  Site site;
  const auto is_refused = [&](auto change) {
    server::ServiceOptions options;
    change(options);
    return fails_with(site.service->reload(options), ErrorCode::usage);
  };
  using std::chrono::hours;
  using std::chrono::seconds;
  EXPECT_TRUE(is_refused([](auto& options) { options.session_lifetime = seconds(0); }));
  EXPECT_TRUE(is_refused([](auto& options) { options.session_lifetime = seconds(3301); }));
  EXPECT_TRUE(is_refused([](auto& options) { options.result_lifetime = seconds(0); }));
  EXPECT_TRUE(is_refused([](auto& options) { options.nonce_retention = hours(0); }));
}

TEST(Discovery, NamesTheKeyAndTheEndpoint) {
  Site site;
  const auto reply = site.ask("GET", "/.well-known/veraison/verification");
  EXPECT_EQ(reply.header("Content-Type"), "application/vnd.veraison.discovery+json");
  EXPECT_EQ(reply.json().at("ear-verification-key"), Json::parse(site.signer->public_jwk()));
  EXPECT_EQ(reply.json().at("api-endpoints").at("newChallengeResponseSession"),
            "/challenge-response/v1/newSession");
  EXPECT_EQ(reply.json().at("media-types").at(0), kReportType);
}

TEST(Discovery, ListsTheKeysOfEveryNodeWhileTheyCount) {
  Site site;
  EXPECT_EQ(site.ask("GET", "/jwks.json").body, R"({"keys":[]})");
  const std::string jwk = site.signer->public_jwk();
  ASSERT_TRUE(succeeds(site.store->publish_key({"k1", jwk, "node", kNow, kNow})));
  EXPECT_EQ(site.ask("GET", "/jwks.json").body, R"({"keys":[)" + jwk + "]}");
  site.now = kNow + std::chrono::seconds(1);
  EXPECT_EQ(site.ask("GET", "/jwks.json").body, R"({"keys":[]})");
}

TEST(Health, IsSaid) {
  Site site;
  EXPECT_EQ(site.ask("GET", "/healthz").status, 200U);
  EXPECT_EQ(site.ask("GET", "/readyz").status, 200U);
}

TEST(MetricsRoute, CountsVerdictsSessionsAndRequests) {
  Site site({.anonymous_attesters = true, .anonymous_metrics = true});
  site.put_policy();
  (void)site.open();
  const auto path = site.open();
  ASSERT_EQ(site.answer(path).status, 200U);
  ASSERT_EQ(site.answer(path).status, 409U);
  server::http::TransportEvent event;
  event.path = "/v1/policies/anything";
  event.status = 404;
  site.service->on_event(event);
  event.path = "/nowhere/" + std::string(1000, 'x');
  site.service->on_event(event);
  const auto text = site.ask("GET", "/metrics").body;
  for (const char* const line :
       {"keystone_verdicts_total{outcome=\"accepted\"} 1", "keystone_sessions_total 2",
        "keystone_sessions_open 1", "keystone_replays_total 1",
        "keystone_http_requests_total{route=\"/v1/policies/{name}\",status=\"4xx\"} 1",
        "keystone_http_requests_total{route=\"other\",status=\"4xx\"} 1",
        "keystone_build_info{version=\"test\"} 1"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(Log, IsToldWhatBecameOfARequestAndNoSecret) {
  Site site;
  site.put_policy();
  const auto path = site.open();
  ASSERT_EQ(site.answer(path).status, 200U);
  const auto last = site.observer->all.back();
  EXPECT_EQ(last.route, "/challenge-response/v1/session/{id}");
  EXPECT_EQ(last.actor, "anonymous");
  EXPECT_EQ(last.verdict, "accepted");
  EXPECT_EQ(last.status, 200U);
  EXPECT_EQ(last.session, last.result);
  const std::string id = path.substr(path.rfind('/') + 1);
  for (const server::Handled& handled : site.observer->all) {
    EXPECT_EQ((handled.session + handled.route + handled.cause).find(id), std::string::npos);
  }
  EXPECT_EQ(server::loggable_path(path), "/challenge-response/v1/session/{id}");
  EXPECT_EQ(server::loggable_path("/v1/verify"), "/v1/verify");
}

}  // namespace
}  // namespace keystone::testing
