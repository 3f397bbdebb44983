// SPDX-License-Identifier: Apache-2.0
#include "api/documents_format.hpp"
#include "keystone/testing/fails_with.hpp"
#include "site.hpp"

namespace keystone::testing {
namespace {

using server::DocumentKind;
using server::Role;

constexpr const char* kJson = "application/json";

std::string device(const char* name = "board-7") {
  return Json{{"name", name}, {"key", std::string(64, '1')}}.dump();
}

class Documents : public ::testing::Test {
 protected:
  Reply put(std::string_view path, const std::string& body,
            std::vector<server::http::Header> headers = {}) {
    headers.push_back({"Content-Type", kJson});
    return site.ask_as(Role::operator_, "PUT", path, {body, std::move(headers)});
  }
  Reply get(std::string_view path, std::vector<server::http::Header> headers = {}) {
    return site.ask_as(Role::operator_, "GET", path, {"", std::move(headers)});
  }
  Reply remove(std::string_view path, std::vector<server::http::Header> headers = {}) {
    return site.ask_as(Role::operator_, "DELETE", path, {"", std::move(headers)});
  }
  std::vector<server::AuditRecord> audit() { return site.store->audit_records(1, 100).value(); }
  Site site;
};

TEST_F(Documents, AreAsTheyWerePut) {
  const std::string body = " " + device() + "\n";
  const auto made = put("/v1/devices/board-7", body);
  EXPECT_EQ(made.status, 201U);
  EXPECT_EQ(made.header("ETag"), "\"1\"");
  EXPECT_EQ(made.json().at("revision"), 1);
  const auto got = get("/v1/devices/board-7");
  EXPECT_EQ(got.body, body);
  EXPECT_EQ(got.header("ETag"), "\"1\"");
  EXPECT_EQ(got.header("Content-Type"), kJson);
  EXPECT_EQ(put("/v1/devices/board-7", device()).status, 200U);
  EXPECT_EQ(get("/v1/devices/board-7").header("ETag"), "\"2\"");
}

TEST_F(Documents, AreNotSentTwice) {
  put("/v1/devices/board-7", device());
  EXPECT_EQ(get("/v1/devices/board-7", {{"If-None-Match", "\"1\""}}).status, 304U);
  EXPECT_EQ(get("/v1/devices/board-7", {{"If-None-Match", "\"2\""}}).status, 200U);
}

TEST_F(Documents, ChangeOnlyAsTheConditionSays) {
  EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-Match", "*"}}).status, 404U);
  EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-None-Match", "*"}}).status, 201U);
  EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-None-Match", "*"}}).status, 412U);
  EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-Match", "\"2\""}}).status, 412U);
  EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-Match", "\"1\""}}).status, 200U);
  EXPECT_EQ(remove("/v1/devices/board-7", {{"If-Match", "\"1\""}}).status, 412U);
  EXPECT_EQ(remove("/v1/devices/board-7", {{"If-Match", "\"2\""}}).status, 204U);
  EXPECT_EQ(get("/v1/devices/board-7").status, 404U);
  EXPECT_EQ(remove("/v1/devices/board-7").status, 404U);
}

TEST_F(Documents, TakeNoConditionThatCanBeReadTwoWays) {
  put("/v1/devices/board-7", device());
  for (const char* const tag : {"", "1", "W/\"1\"", "\"1\", \"2\"", "\"1", "\""}) {
    EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-Match", tag}}).status, 400U) << tag;
  }
  EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-Match", "*"}, {"if-match", "*"}}).status,
            400U);
  EXPECT_EQ(put("/v1/devices/board-7", device(), {{"If-None-Match", "\"1\""}}).status, 400U);
  EXPECT_EQ(get("/v1/devices/board-7").header("ETag"), "\"1\"");
}

TEST_F(Documents, AreListedByNameInPages) {
  for (const char* const name : {"c", "a", "b"}) {
    put("/v1/devices/" + std::string(name), device(name));
  }
  const auto first = get("/v1/devices?limit=2").json();
  EXPECT_EQ(first.at("items").at(0), Json({{"name", "a"}, {"revision", 2}, {"etag", "\"2\""}}));
  EXPECT_EQ(first.at("items").size(), 2U);
  EXPECT_EQ(first.at("next"), "b");
  const auto second = get("/v1/devices?limit=2&after=b").json();
  EXPECT_EQ(second.at("items").at(0).at("name"), "c");
  EXPECT_TRUE(second.at("next").is_null());
  EXPECT_EQ(get("/v1/policies").json().at("items").size(), 0U);
}

TEST_F(Documents, RefuseListsThatCannotBe) {
  for (const char* const query : {"limit=0", "limit=1001", "limit=x", "after=", "after=a%20b",
                                  "offset=1", "limit=1&limit=1"}) {
    EXPECT_EQ(get("/v1/devices?" + std::string(query)).status, 400U) << query;
  }
}

TEST_F(Documents, HavePlainNames) {
  for (const char* const name : {"-a", ".a", "a b", "a%20b", "a+b", "%2e%2e"}) {
    EXPECT_EQ(put("/v1/devices/" + std::string(name), device(name)).status, 400U) << name;
    EXPECT_EQ(get("/v1/devices/" + std::string(name)).status, 400U) << name;
  }
  EXPECT_EQ(put("/v1/devices/", device("")).status, 404U);
  EXPECT_EQ(put("/v1/devices/a/b", device("a/b")).status, 404U);
  const std::string longest(128, 'a');
  EXPECT_EQ(put("/v1/devices/" + longest, device(longest.c_str())).status, 201U);
  EXPECT_EQ(put("/v1/devices/" + longest + "a", device((longest + "a").c_str())).status, 400U);
}

TEST_F(Documents, AreOnTheAuditLog) {
  put("/v1/devices/board-7", device());
  remove("/v1/devices/board-7");
  remove("/v1/devices/board-7");
  const auto records = audit();
  ASSERT_EQ(records.size(), 3U);  // the first is of the token
  EXPECT_EQ(records[1].event.kind, "document.put");
  EXPECT_EQ(records[1].event.actor, "token:operator");
  const std::string start = R"({"kind":"device","name":"board-7","request":"request-1","sha256":")";
  EXPECT_TRUE(records[1].event.body.starts_with(start)) << records[1].event.body;
  EXPECT_EQ(records[2].event.kind, "document.removed");
  EXPECT_EQ(records[2].event.body, R"({"kind":"device","name":"board-7","request":"request-2"})");
}

TEST_F(Documents, ComeInTheirFormatOnly) {
  const std::string golden =
      R"({"schema":"keystone.golden/1","enclaves":[],"security_monitors":[]})";
  EXPECT_EQ(put("/v1/reference-values/build", golden).status, 201U);
  EXPECT_EQ(put("/v1/reference-values/build", device("build")).status, 400U);
  EXPECT_EQ(put("/v1/devices/build", golden).status, 400U);
  EXPECT_EQ(put("/v1/policies/build", golden).status, 400U);
  const Asking text = {device(), {{"Content-Type", "text/plain"}}};
  EXPECT_EQ(site.ask_as(Role::operator_, "PUT", "/v1/devices/board-7", text).status, 415U);
  EXPECT_EQ(site.ask_as(Role::operator_, "PUT", "/v1/devices/board-7", {device()}).status, 415U);
}

// Whether the document is refused, with the place in the message.
::testing::AssertionResult refused(DocumentKind kind, const std::string& text,
                                   std::string_view place) {
  return fails_with(server::check_document(kind, "board-7", text), ErrorCode::malformed, place);
}

TEST(DeviceDocument, IsOneEntryOfAPolicy) {
  const auto is_refused = [](const std::string& text, std::string_view place) {
    return refused(DocumentKind::device, text, place);
  };
  EXPECT_TRUE(succeeds(server::check_document(DocumentKind::device, "board-7", device())));
  EXPECT_TRUE(is_refused(device("board-8"), "devices[0].name"));
  EXPECT_TRUE(is_refused("", ""));
  EXPECT_TRUE(is_refused("[" + device() + "]", ""));
  EXPECT_TRUE(is_refused(device() + "," + device("b"), ""));
  EXPECT_TRUE(is_refused(device() + R"(],"waivers":{"freshness":"x"},"enclaves":[)", ""));
  EXPECT_TRUE(is_refused(device() + "// more", ""));
  EXPECT_TRUE(is_refused(R"({"name":"board-7"})", "devices[0].key"));
  EXPECT_TRUE(is_refused(R"({"name":"board-7","name":"board-7"})", "name"));
}

std::string server_policy(const Json& changes = Json::object()) {
  Json policy = {{"schema", "keystone.server-policy/1"},
                 {"policy", {{"schema", "keystone.policy/1"}}},
                 {"devices", "all"},
                 {"reference_values", {"build"}}};
  policy.merge_patch(changes);
  return policy.dump();
}

TEST(PolicyDocument, IsAPolicyFile) {
  EXPECT_TRUE(succeeds(server::parse_policy_document("// with comments\n" +
                                                     Attester().policy().serialize().value())));
  EXPECT_TRUE(refused(DocumentKind::policy, R"({"schema":"keystone.policy/1"})", "devices"));
  EXPECT_TRUE(refused(DocumentKind::policy, R"({"schema":"keystone.policy/2"})", "schema"));
}

TEST(PolicyDocument, IsOneThatNamesOtherDocuments) {
  const auto parsed = server::parse_policy_document(server_policy({{"devices", {"a", "b"}}}));
  ASSERT_TRUE(succeeds(parsed));
  EXPECT_FALSE(parsed->all_devices);
  EXPECT_EQ(parsed->devices, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parsed->reference_values, std::vector<std::string>{"build"});
  EXPECT_TRUE(server::parse_policy_document(server_policy())->all_devices);
}

TEST(PolicyDocument, SaysNothingInTwoWays) {
  const auto is_refused = [](const std::string& text, std::string_view place) {
    return refused(DocumentKind::policy, text, place);
  };
  EXPECT_TRUE(is_refused(server_policy({{"other", 1}}), "other"));
  EXPECT_TRUE(is_refused(server_policy({{"policy", nullptr}}), "policy: missing"));
  EXPECT_TRUE(is_refused(server_policy({{"policy", 4}}), "policy"));
  EXPECT_TRUE(is_refused(server_policy({{"policy", {{"other", 1}}}}), "policy: other"));
  EXPECT_TRUE(is_refused(server_policy({{"devices", "some"}}), "devices"));
  EXPECT_TRUE(is_refused(server_policy({{"devices", {"a", "a"}}}), "devices"));
  EXPECT_TRUE(is_refused(server_policy({{"devices", {1}}}), "devices"));
  EXPECT_TRUE(is_refused(server_policy({{"devices", {"../a"}}}), "devices"));
  EXPECT_TRUE(is_refused(server_policy({{"reference_values", "all"}}), "reference_values"));
  EXPECT_TRUE(is_refused("//\n" + server_policy(), ""));
  std::string twice = server_policy();
  twice.insert(1, R"("devices":[],)");
  EXPECT_TRUE(is_refused(twice, "devices"));
}

}  // namespace
}  // namespace keystone::testing
