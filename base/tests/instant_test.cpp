// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/instant.hpp"

#include "fails_with.hpp"

#include <ctime>
#include <random>
#include <utility>

namespace keystone {
namespace {

constexpr std::int64_t kLast = 253402300799;  // 9999-12-31T23:59:59Z

std::int64_t unix_time(std::string_view text) {
  return parse_instant("time", text).value().time_since_epoch().count();
}

Instant instant(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

// The C library's opinion on how a time is written.
std::string by_c_library(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm fields{};
  char text[32];
  (void)gmtime_r(&time, &fields);
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &fields);
  return {text, size};
}

::testing::AssertionResult refused(std::string_view text) {
  return fails_with(parse_instant("not_after", text), ErrorCode::malformed,
                    {"not_after: got '", "2026-11-22T20:46:21Z"});
}

// As `date -u -d @N` of GNU coreutils prints them.
TEST(ParseInstant, ReadsUnixTime) {
  constexpr std::pair<std::string_view, std::int64_t> kTimes[] = {
      {"1970-01-01T00:00:00Z", 0},          {"1970-01-01T00:00:01Z", 1},
      {"1970-01-02T00:00:00Z", 86400},      {"2000-02-29T23:59:59Z", 951868799},
      {"2000-03-01T00:00:00Z", 951868800},  {"2001-09-09T01:46:40Z", 1000000000},
      {"2038-01-19T03:14:07Z", 2147483647}, {"2038-01-19T03:14:08Z", 2147483648},
      {"2106-02-07T06:28:16Z", 4294967296}, {"9999-12-31T23:59:59Z", kLast},
  };
  for (const auto& [text, seconds] : kTimes) {
    EXPECT_EQ(unix_time(text), seconds) << text;
    EXPECT_EQ(to_string(instant(seconds)), text);
  }
}

TEST(ParseInstant, ReadsBackWhatIsWritten) {
  std::mt19937_64 random(3339);
  for (int i = 0; i < 2000; ++i) {
    const auto seconds = static_cast<std::int64_t>(random() % (std::uint64_t{kLast} + 1));
    const std::string text = to_string(instant(seconds));
    EXPECT_EQ(text, by_c_library(seconds));
    EXPECT_EQ(unix_time(text), seconds) << text;
  }
}

TEST(ParseInstant, KnowsTheDaysOfEveryMonth) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int month = 1; month <= 12; ++month) {
    const std::string start =
        std::string("2026-") + (month < 10 ? "0" : "") + std::to_string(month);
    const int days = kDays[month - 1];
    EXPECT_TRUE(parse_instant("time", start + "-01T00:00:00Z"));
    EXPECT_TRUE(parse_instant("time", start + "-" + std::to_string(days) + "T23:59:59Z")) << start;
    EXPECT_TRUE(refused(start + "-" + std::to_string(days + 1) + "T00:00:00Z"));
    EXPECT_TRUE(refused(start + "-00T00:00:00Z"));
  }
}

TEST(ParseInstant, KnowsLeapYears) {
  for (const std::string_view year : {"1972", "2000", "2024", "2028", "2400", "9996"}) {
    EXPECT_TRUE(parse_instant("time", std::string(year) + "-02-29T12:00:00Z")) << year;
    EXPECT_TRUE(refused(std::string(year) + "-02-30T12:00:00Z"));
  }
  for (const std::string_view year : {"1970", "2023", "2025", "2026", "2100", "2200", "9999"}) {
    EXPECT_TRUE(parse_instant("time", std::string(year) + "-02-28T12:00:00Z")) << year;
    EXPECT_TRUE(refused(std::string(year) + "-02-29T12:00:00Z"));
  }
}

TEST(ParseInstant, RejectsYearsBefore1970) {
  for (const std::string_view text : {"1969-12-31T23:59:59Z", "1900-01-01T00:00:00Z",
                                      "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
}

TEST(ParseInstant, RejectsFieldsOutOfRange) {
  for (const std::string_view text :
       {"2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-99-01T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-01-99T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T99:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z", "2016-12-31T23:59:60Z", "2026-01-01T00:00:61Z"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
}

TEST(ParseInstant, RejectsEveryOtherSpelling) {
  for (const std::string_view text : {"",
                                      "Z",
                                      "now",
                                      "0",
                                      "1764000000",
                                      "2026-11-22",
                                      "20:46:21Z",
                                      "2026-11-22T20:46Z",
                                      "2026-11-22T20:46:21",
                                      "2026-11-22T20:46:21z",
                                      "2026-11-22t20:46:21Z",
                                      "2026-11-22 20:46:21Z",
                                      "2026-11-22T20:46:21.0Z",
                                      "2026-11-22T20:46:21.123Z",
                                      "2026-11-22T20:46:21,5Z",
                                      "2026-11-22T20:46:21+00:00",
                                      "2026-11-22T20:46:21-00:00",
                                      "2026-11-22T20:46:21+02:00",
                                      "2026-11-22T20:46:21+0",
                                      "2026-11-22T20:46:21UTC",
                                      "20261122T204621Z",
                                      "2026-W47-7T20:46:21Z",
                                      "2026-326T20:46:21Z",
                                      "26-11-22T20:46:21Z",
                                      "12026-11-22T20:46:21Z",
                                      "+2026-11-22T20:46:21Z",
                                      "-026-11-22T20:46:21Z",
                                      "2026-1-22T20:46:21Z",
                                      "2026-11-2T20:46:21ZZ",
                                      "2026/11/22T20:46:21Z",
                                      "2026-11-22T20.46.21Z",
                                      "2026-11-22T2O:46:21Z",
                                      "2026-11-22T+1:46:21Z",
                                      "2026-11-22T 1:46:21Z",
                                      " 2026-11-22T20:46:21Z",
                                      "2026-11-22T20:46:21Z ",
                                      "2026-11-22T20:46:21Z\n",
                                      "２026-11-22T20:46Z"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
  EXPECT_TRUE(refused(std::string_view("2026-11-22T20:46:21Z\0", 21)));
  EXPECT_TRUE(refused(std::string_view("2026-11-22T20:46:2\0Z", 20)));
}

TEST(ParseInstant, RejectsEverySingleCharacterThatIsAnother) {
  const std::string good = "2026-11-22T20:46:21Z";
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char other : {'x', ' ', '/', ':', '-', '\xb2', '\x7f'}) {
      std::string text = good;
      text[i] = other;
      EXPECT_EQ(parse_instant("time", text).has_value(), text == good) << text;
    }
    EXPECT_TRUE(refused(good.substr(0, i)));
    EXPECT_TRUE(refused(good.substr(i + 1)));
  }
}

TEST(ParseInstant, ShowsHostileTextAsOneShortLine) {
  const auto read = parse_instant("now", "\x1b[31m\n" + std::string(5000, 'z'));
  ASSERT_TRUE(fails_with(read, ErrorCode::malformed, {"now: got '"}));
  EXPECT_LT(read.error().message.size(), 200U);
}

// Of other years there is no spelling that would be read back.
TEST(InstantToString, WritesOtherYearsAsSecondsThatAreNotReadBack) {
  constexpr std::pair<std::int64_t, std::string_view> kTimes[] = {
      {-1, "@-1"},
      {-62135596800, "@-62135596800"},
      {kLast + 1, "@253402300800"},
      {INT64_MAX, "@9223372036854775807"},
      {INT64_MIN, "@-9223372036854775808"}};
  for (const auto& [seconds, text] : kTimes) {
    EXPECT_EQ(to_string(instant(seconds)), text);
    EXPECT_TRUE(refused(text));
  }
}

}  // namespace
}  // namespace keystone
