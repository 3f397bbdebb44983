// SPDX-License-Identifier: Apache-2.0
#include "keystone/testing/fails_with.hpp"
#include "verify_setting.hpp"

#include <algorithm>
#include <sstream>

namespace keystone::testing {
namespace {

using server::Role;

class Batch : public Verify {
 protected:
  Reply batch(const std::string& body, const char* type = "application/x-ndjson") {
    return site.ask_as(Role::verifier, "POST", "/v1/verify/batch",
                       {body, {{"Content-Type", type}}});
  }
  Json numbered(unsigned number) const {
    const auto bytes = bytes_for<32>("nonce " + std::to_string(number));
    return verification(site.attester.report(bytes), bytes);
  }
  static std::vector<Json> lines_of(const Reply& reply) {
    std::vector<Json> lines;
    std::istringstream stream(reply.body);
    for (std::string line; std::getline(stream, line);) {
      lines.push_back(Json::parse(line));
    }
    return lines;
  }
};

TEST_F(Batch, AnswersEachLineInItsPlace) {
  Json wrong = numbered(2);
  wrong["challenge"]["value"] = hex::encode(bytes_for<32>("other"));
  const auto reply = batch(numbered(1).dump() + "\nnonsense\n" + wrong.dump() + "\n\n" +
                           numbered(3).dump() + "\n" + numbered(4).dump());
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.header("Content-Type"), "application/x-ndjson");
  const auto lines = lines_of(reply);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0].at("accepted"), true);
  EXPECT_EQ(lines[1].at("status"), 400);
  EXPECT_EQ(lines[2].at("accepted"), false);
  EXPECT_EQ(lines[3].at("status"), 400);
  EXPECT_EQ(lines[4].at("accepted"), true);
  EXPECT_EQ(lines[5].at("accepted"), true);
  EXPECT_TRUE(site.ear_in(lines[4].at("ear").get<std::string>()).accepted());
}

// Lines of one policy are verified together, and no line gets the answer of another: not of one by
// another policy, nor of one whose nonce was used before.
TEST_F(Batch, AppraisesEachLineByItsOwnPolicyAndNonce) {
  site.put_policy("open");
  Policy closed = site.attester.policy();
  closed.enclaves.front().hash = field_for<EnclaveHash>("another");
  site.put("/v1/policies/closed", closed.serialize().value());
  const std::vector<std::string> policies = {"open", "closed", "default", "open", "closed", "open"};
  std::string body = good().dump() + "\n" + good().dump() + "\n";
  for (std::size_t i = 0; i < policies.size(); ++i) {
    Json line = numbered(static_cast<unsigned>(i));
    line["policy"] = policies[i];
    body += line.dump() + "\n";
    body += i == 2 ? good().dump() + "\n" : "";
  }
  const auto lines = lines_of(batch(body));
  ASSERT_EQ(lines.size(), 9U);
  const std::vector<bool> want = {true, false, true, false, true, false, true, false, true};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(lines[i].at("accepted"), want[i]);
    EXPECT_EQ(site.ear_in(lines[i].at("ear").get<std::string>()).accepted(), want[i]);
  }
  EXPECT_EQ(failed(lines[5].at("verdict")), std::vector<std::string>{"freshness"});
  const auto third = bytes_for<32>("nonce 3");
  EXPECT_EQ(site.ear_in(lines[6].at("ear").get<std::string>()).nonce,
            std::vector<std::uint8_t>(third.begin(), third.end()));
}

TEST_F(Batch, AcceptsANonceOnceInAGroupAndAcrossGroups) {
  std::string body;
  for (int i = 0; i < 200; ++i) {
    body += good().dump() + "\n";
  }
  std::size_t accepted = 0;
  for (const Json& line : lines_of(batch(body))) {
    accepted += line.at("accepted") == true ? 1U : 0U;
  }
  EXPECT_EQ(accepted, 1U);
  EXPECT_EQ(site.recorded(true), 1U);
}

TEST_F(Batch, TakesAsManyLinesAsItMay) {
  site.options.max_batch_lines = 3;
  ASSERT_TRUE(succeeds(site.service->reload(site.options)));
  EXPECT_EQ(lines_of(batch("1\n2\n3\n")).size(), 3U);
  EXPECT_EQ(lines_of(batch("1\n2\n3")).size(), 3U);
  EXPECT_EQ(batch("1\n2\n3\n4").status, 413U);
  EXPECT_EQ(batch("").status, 200U);
  EXPECT_EQ(batch("", "application/json").status, 415U);
}

TEST_F(Batch, AnswersPieceByPiece) {
  std::string body;
  for (int i = 0; i < 10'000; ++i) {
    body += "{}\n";
  }
  const auto response = site.begin_batch(body);
  ASSERT_TRUE(response.stream);
  std::size_t lines = 0;
  bool more = true;
  while (more) {
    std::string chunk;
    more = response.stream(chunk).value();
    EXPECT_LE(chunk.size(), std::size_t{64} << 10U);
    lines += static_cast<std::size_t>(std::count(chunk.begin(), chunk.end(), '\n'));
  }
  EXPECT_EQ(lines, 10'000U);
}

}  // namespace
}  // namespace keystone::testing
