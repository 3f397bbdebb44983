// SPDX-License-Identifier: Apache-2.0
#include "attestd/log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace keystone::server::attestd {
namespace {

constexpr std::string_view kTime = "2026-01-01T00:00:00.000Z";

std::string line(LogFormat format, const std::vector<LogField>& fields) {
  return detail::log_line(format, kTime, LogLevel::warning, "request", fields);
}

TEST(Log, WritesTextAsWordsOnOneLine) {
  EXPECT_EQ(line(LogFormat::text, {{"id", "0af3"}, {"status", std::uint64_t{200}}}),
            "2026-01-01T00:00:00.000Z warning request id=0af3 status=200");
}

TEST(Log, WritesJsonAsOneObjectWithTheSameValues) {
  const auto json = nlohmann::json::parse(
      line(LogFormat::json, {{"path", "/a b"}, {"status", std::uint64_t{7}}}));
  EXPECT_EQ(json, nlohmann::json({{"time", kTime},
                                  {"level", "warning"},
                                  {"event", "request"},
                                  {"path", "/a b"},
                                  {"status", 7}}));
}

TEST(Log, QuotesTextThatIsNotOnePlainWord) {
  EXPECT_EQ(line(LogFormat::text, {{"path", "a b=c"}}),
            "2026-01-01T00:00:00.000Z warning request path=\"a b=c\"");
  EXPECT_EQ(line(LogFormat::text, {{"path", ""}}),
            "2026-01-01T00:00:00.000Z warning request path=\"\"");
}

TEST(Log, LetsNoStrangerBeginALineOrAnEscapeSequence) {
  const std::string hostile = "x\n2026 info forged\r\x1b[2J\x7f\xc2\x9b\xff\"\\ status=200";
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    for (const char c : line(format, {{"path", hostile}})) {
      EXPECT_TRUE(c >= ' ' && c < '\x7f') << static_cast<int>(c);
    }
  }
  const auto json = nlohmann::json::parse(line(LogFormat::json, {{"path", hostile}}));
  EXPECT_EQ(json.size(), 4U);
}

}  // namespace
}  // namespace keystone::server::attestd
