// SPDX-License-Identifier: Apache-2.0
// What is on record.
#include "site.hpp"

#include <gtest/gtest.h>

namespace keystone::testing {
namespace {

using server::Role;

TEST(Results, AreFoundByWhatTheySay) {
  Site site;
  site.put_policy();
  ASSERT_EQ(site.answer(site.open()).status, 200U);
  site.now = kNow + std::chrono::seconds(10);
  const auto rejected = site.open();
  ASSERT_EQ(site.answer(rejected, site.attester.report({})).status, 200U);
  const auto ids = [&](const std::string& query) {
    const auto reply = site.ask_as(Role::operator_, "GET", "/v1/results" + query);
    return reply.status == 200 ? reply.json().at("items").size() : 99;
  };
  EXPECT_EQ(ids(""), 2U);
  EXPECT_EQ(ids("?verdict=accepted"), 1U);
  EXPECT_EQ(ids("?verdict=rejected"), 1U);
  EXPECT_EQ(ids("?device=" + site.attester.device_key().hex()), 2U);
  EXPECT_EQ(ids("?device=" + std::string(64, '0')), 0U);
  EXPECT_EQ(ids("?enclave=" + site.attester.enclave_hash.hex()), 2U);
  EXPECT_EQ(ids("?from=2026-06-01T12:00:01Z"), 1U);
  EXPECT_EQ(ids("?until=2026-06-01T12:00:01Z"), 1U);
  const auto page = site.ask_as(Role::operator_, "GET", "/v1/results?limit=1").json();
  EXPECT_EQ(page.at("items").at(0).at("accepted"), false);
  EXPECT_EQ(ids("?limit=1&after=" + page.at("next").get<std::string>()), 1U);
  for (const char* const query :
       {"?verdict=", "?verdict=yes", "?device=00", "?device=X", "?enclave=", "?from=now",
        "?after=1", "?after=.", "?after=1.-1", "?after=1.99999999999999999999", "?limit=0"}) {
    EXPECT_EQ(ids(query), 99U) << query;
  }
}

TEST(Results, AreAsTheyWereAnswered) {
  Site site;
  site.put_policy();
  const auto path = site.open();
  const auto fields = site.attester.fields(nonce_in(site.ask("GET", path)));
  auto dirty = Report::from_fields(fields).value().encode_fixed();
  dirty[ReportLayout::kData + 500] = 7;  // of the tail, which nobody signed
  const auto answered = site.ask("POST", path, {text_of(dirty), {{"Content-Type", kReportType}}});
  const auto id = site.observer->all.back().result;
  const auto result = site.ask_as(Role::operator_, "GET", "/v1/results/" + id);
  ASSERT_EQ(result.status, 200U);
  EXPECT_EQ(result.json().at("ear"), answered.json().at("result"));
  EXPECT_EQ(result.json().at("verdict").at("accepted"), true);
  const auto stored = site.store->find_result(id).value()->result.report;
  EXPECT_EQ(stored, Report::from_fields(fields).value().encode_compact());
  EXPECT_EQ(site.ask_as(Role::operator_, "GET", "/v1/results/" + std::string(32, '0')).status,
            404U);
  EXPECT_EQ(site.ask_as(Role::operator_, "GET", "/v1/results/x").status, 400U);
}

TEST(AuditLog, HasEveryVerdict) {
  Site site;
  site.put_policy();
  ASSERT_EQ(site.answer(site.open()).status, 200U);
  const auto record = site.store->audit_records(1, 10).value().back();
  EXPECT_EQ(record.event.kind, "verdict");
  const auto body = nlohmann::ordered_json::parse(record.event.body);
  std::vector<std::string> keys;
  for (const auto& [key, value] : body.items()) {
    keys.push_back(key);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"result", "request", "session", "accepted", "failed",
                                            "waived", "not_evaluated", "device", "sm", "enclave",
                                            "policy", "policy_revision", "nonce"}));
  EXPECT_EQ(body.at("accepted"), true);
  EXPECT_EQ(body.at("session"), body.at("result"));
}

}  // namespace
}  // namespace keystone::testing
