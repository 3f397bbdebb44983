// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/base64.hpp"
#include "site.hpp"

#include <gtest/gtest.h>

namespace keystone::testing {
namespace {

class EvidenceOfASession : public ::testing::Test {
 protected:
  EvidenceOfASession() { site.put_policy(); }
  Site site;
};

TEST_F(EvidenceOfASession, MayHaveEveryForm) {
  const auto post = [&](const char* type, const auto& body_of) {
    const auto path = site.open();
    const auto report = site.attester.report(nonce_in(site.ask("GET", path)));
    const auto reply = site.ask("POST", path, {body_of(report), {{"Content-Type", type}}});
    return reply.status == 200 && site.ear_in(reply).accepted();
  };
  const auto cmw = [](const Report& report) {
    return Json{"application/vnd.keystone.report",
                base64::encode(report.encode_fixed(), base64::Form::url), 4}
        .dump();
  };
  EXPECT_TRUE(post(kReportType, [](const Report& r) { return text_of(r.encode_fixed()); }));
  EXPECT_TRUE(post(kReportType, [](const Report& r) { return text_of(r.encode_compact()); }));
  EXPECT_TRUE(post("Application/VND.keystone.report+JSON ; charset=utf-8",
                   [](const Report& r) { return r.encode_json(); }));
  EXPECT_TRUE(post("application/cmw+json", cmw));
  EXPECT_TRUE(post("application/vnd.veraison.cmw+json", cmw));
}

TEST_F(EvidenceOfASession, LeavesItOpenWhenItIsNoReport) {
  const auto path = site.open();
  const auto report = site.attester.report(nonce_in(site.ask("GET", path)));
  const auto status = [&](const char* type, std::string body) {
    return site.ask("POST", path, {std::move(body), {{"Content-Type", type}}}).status;
  };
  EXPECT_EQ(status(kReportType, ""), 400U);
  EXPECT_EQ(status(kReportType, "{}"), 400U);
  EXPECT_EQ(status(kReportType, report.encode_json()), 400U);
  EXPECT_EQ(status(kReportType, text_of(report.encode_compact()) + "x"), 400U);
  EXPECT_EQ(status("application/vnd.keystone.report+json", "{\"a\":1}"), 400U);
  EXPECT_EQ(status("application/vnd.keystone.report+json", text_of(report.encode_fixed())), 400U);
  EXPECT_EQ(status("application/json", report.encode_json()), 415U);
  EXPECT_EQ(status("", "x"), 415U);
  EXPECT_EQ(site.ask("POST", path, {"x"}).header("Accept-Post").find(kReportType), 0U);
  EXPECT_EQ(site.answer(path).status, 200U);
}

TEST_F(EvidenceOfASession, IsNoHostileRecord) {
  const auto path = site.open();
  for (const char* const body :
       {"", "[]", "{}", "null", "4", "[1,2]", R"(["application/vnd.keystone.report"])",
        R"(["application/vnd.keystone.report","AAAA",4,5])",
        R"(["application/vnd.keystone.report","AAAA",8])",
        R"(["application/vnd.keystone.report","AAAA",-4])",
        R"(["application/vnd.keystone.report","AAAA","4"])",
        R"(["application/vnd.keystone.report","A A A"])",
        R"(["application/vnd.keystone.report","AAB"])",
        R"(["application/vnd.keystone.report","AAAA",4],"x":1)",
        R"(["application/vnd.keystone.report","AAAA",4],"cmw":[])",
        R"(["application/vnd.keystone.report","AAAA",4]} {)",
        R"({"__cmw_t":"tag:x","a":["application/vnd.keystone.report","AAAA",4]})"}) {
    const auto reply = site.ask("POST", path, {body, {{"Content-Type", "application/cmw+json"}}});
    EXPECT_EQ(reply.status, 400U) << body;
  }
  const std::string nested = R"(["application/cmw+json","W10",4])";
  EXPECT_EQ(site.ask("POST", path, {nested, {{"Content-Type", "application/cmw+json"}}}).status,
            415U);
  EXPECT_EQ(
      site.ask("POST", path, {std::string(40'000, '['), {{"Content-Type", "application/cmw+json"}}})
          .status,
      413U);
}

}  // namespace
}  // namespace keystone::testing
