// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/render.hpp"
#include "keystone-attest/report_file.hpp"
#include "keystone/testing/vectors.hpp"
#include "keystone/verifier/verifier.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace keystone::cli::attest {
namespace {

using nlohmann::json;
using testing::read_vector_file;

const Instant kNow = Instant(std::chrono::seconds(1'700'000'000));

// A genuine one: fixed, 8 bytes of data, and memory of the monitor behind them.
Report dirty_report() {
  return Report::parse(read_vector_file("genuine/loader-rv64.E0_aligned.13.report.bin")).value();
}

Report clean_report() {
  return Report::parse(dirty_report().encode_fixed()).value();
}

Verdict verdict_of(const Policy& policy, const Challenge& challenge) {
  return Verifier(policy).verify({dirty_report()}, challenge, kNow);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(ShowReport, NeverPrintsTheUnsignedTail) {
  const std::string tail = hex::encode(dirty_report().unsigned_tail().first(16));
  ASSERT_NE(tail, std::string(32, '0'));
  for (const std::string& text :
       {show_report(dirty_report()), show_report_json(dirty_report(), {})}) {
    EXPECT_FALSE(contains(text, tail));
  }
  for (const ReportFormat format :
       {ReportFormat::fixed, ReportFormat::compact, ReportFormat::json}) {
    EXPECT_EQ(encode(dirty_report(), format), encode(clean_report(), format));
  }
}

TEST(ShowReport, SaysThatNothingWasVerifiedAndThatTheKeyIsAClaim) {
  const std::string text = show_report(clean_report());
  EXPECT_TRUE(text.starts_with("not verified"));
  EXPECT_TRUE(contains(text, "(a claim)"));
  const json answer = json::parse(show_report_json(clean_report(), {"a warning"}));
  EXPECT_EQ(answer["verified"], false);
  EXPECT_EQ(answer["claimed_device_pubkey"], clean_report().claimed_device_key().hex());
  EXPECT_EQ(answer["warnings"], json({"a warning"}));
}

TEST(ReportWarnings, CountTheBytesThatAreNotZero) {
  EXPECT_TRUE(warnings_about(clean_report()).empty());
  EXPECT_EQ(dirty_bytes(clean_report()), 0U);
  auto bytes = clean_report().encode_fixed();
  bytes[80] = 1;    // the first of the tail
  bytes[1095] = 2;  // the last
  const Report report = Report::parse(bytes).value();
  EXPECT_EQ(dirty_bytes(report), 2U);
  ASSERT_EQ(warnings_about(report).size(), 1U);
  EXPECT_TRUE(contains(warnings_about(report)[0], "2 of 1016 bytes"));
}

TEST(ShowVerdict, HasALineForTheAnswerAndOneForEachCheck) {
  const std::string text = show_verdict(verdict_of({}, Challenge::none()), false);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_TRUE(text.starts_with("rejected: device_key, "));
  EXPECT_TRUE(contains(text, "\npassed         root_of_trust\n"));
  EXPECT_TRUE(contains(text, "\nnot evaluated  sm_signature: no_device_key\n"));
  EXPECT_TRUE(contains(text, "\nfailed         device_key: not_registered: device_pubkey: got "));
  EXPECT_FALSE(contains(text, "\x1b"));
}

TEST(ShowVerdict, ShowsTheReasonOfEveryWaiver) {
  Policy policy;
  ASSERT_TRUE(policy.waivers.add(Check::sm_hash, "we trust all of them"));
  ASSERT_TRUE(policy.waivers.add(Check::report_data, "not yet"));
  const Challenge asked = Challenge::exact_data(dirty_report().data()).value();
  const std::string text = show_verdict(verdict_of(policy, asked), false);
  EXPECT_TRUE(contains(text, "\nwaived         sm_hash: we trust all of them\n"));
  EXPECT_TRUE(contains(text, "\npassed         report_data: waiver not needed: not yet\n"));
}

TEST(ShowVerdict, ColoursWordsOnlyAndKeepsStrangersFromAddingTheirs) {
  Policy policy;
  policy.enclaves.push_back({"\x1b[2J\n", {}, dirty_report().enclave_hash(), {}, {}});
  policy.enclaves[0].revoked = Revocation{kNow, "why"};
  const std::string text = show_verdict(verdict_of(policy, Challenge::none()), true);
  EXPECT_TRUE(contains(text, "\x1b[31mfailed\x1b[0m"));
  EXPECT_TRUE(contains(text, "\x1b[32mpassed\x1b[0m"));
  EXPECT_FALSE(contains(text, "\x1b[2J"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
}

TEST(Hints, AreForWhatAnOptionWouldMend) {
  EXPECT_EQ(hints_about(verdict_of({}, Challenge::none())).size(), 1U);
  const Challenge asked = Challenge::exact_data(dirty_report().data()).value();
  const auto hints = hints_about(verdict_of({}, asked));
  ASSERT_EQ(hints.size(), 1U);
  EXPECT_TRUE(contains(hints[0], "--issued"));
  const Challenge timed = asked.at({kNow, kNow});
  EXPECT_TRUE(hints_about(verdict_of({}, timed)).empty());
  Policy policy;
  ASSERT_TRUE(policy.waivers.add(Check::freshness, "why"));
  EXPECT_TRUE(hints_about(verdict_of(policy, asked)).empty());
}

TEST(Lists, HaveEntriesAsAPolicyHasThem) {
  Policy policy;
  policy.devices.push_back(
      {"a b", dirty_report().claimed_device_key(), {kNow, {}}, Revocation{kNow, "lost"}});
  EXPECT_EQ(list_devices(policy), "a b: " + dirty_report().claimed_device_key().hex() +
                                      ", from 2023-11-14T22:13:20Z, revoked "
                                      "2023-11-14T22:13:20Z: lost\n");
  const json devices = json::parse(list_devices_json(policy).value());
  EXPECT_EQ(devices["devices"], json::parse(policy.serialize().value())["devices"]);
  EXPECT_EQ(list_references(policy), "");
  const json references = json::parse(list_references_json(policy).value());
  EXPECT_EQ(references["enclaves"], json::array());
  EXPECT_EQ(references["security_monitors"], json::array());
}

}  // namespace
}  // namespace keystone::cli::attest
