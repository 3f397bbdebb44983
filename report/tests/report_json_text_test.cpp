// SPDX-License-Identifier: Apache-2.0
// Which texts are a report in JSON at all, and how large they may be.
#include "json_sample.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;

// --- the text -----------------------------------------------------------------------------------

TEST(ReportJson, TakesNothingButTheObject) {
  const std::string text = sample_json();
  for (const std::string_view behind : {"x", "{}", "}", ",", "null", "//", "\v"}) {
    EXPECT_TRUE(refused(text + std::string(behind), "not valid JSON")) << behind;
  }
  EXPECT_TRUE(refused("[" + text + "]", "want an object"));
  EXPECT_TRUE(refused("\xef\xbb\xbf" + text, "byte-order mark"));
  EXPECT_TRUE(refused(text + std::string(1, '\0'), "zero byte"));
  EXPECT_TRUE(refused(text + std::string("\0{}", 3), "zero byte"));
  EXPECT_TRUE(refused(text.substr(0, text.size() - 1), "not valid JSON"));
}

TEST(ReportJson, TakesNoCommentsAndNoTrailingCommas) {
  const std::string text = sample_json();
  EXPECT_TRUE(refused("{/**/" + text.substr(1), "not valid JSON"));
  EXPECT_TRUE(refused("{//\n" + text.substr(1), "not valid JSON"));
  EXPECT_TRUE(refused(text + "/**/", "not valid JSON"));
  EXPECT_TRUE(refused(text.substr(0, text.size() - 1) + ",}", "not valid JSON"));
}

TEST(ReportJson, TakesNoPartOfItself) {
  const std::string text = sample_json();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(Report::parse(view_of(text.substr(0, size)))) << size;
    EXPECT_FALSE(parse_json(text.substr(0, size))) << size;
  }
}

// --- hostile sizes ------------------------------------------------------------------------------

TEST(ReportJson, IsRefusedBySizeBeforeItIsRead) {
  constexpr std::size_t kTenMillion = 10'000'000;
  for (const std::string_view unit : {"[", "{", "{\"a\":", " ", "\"", "1"}) {
    const std::string text = repeated(unit, kTenMillion / unit.size());
    EXPECT_TRUE(fails_with(parse_json(text), ErrorCode::limit_exceeded, "65536")) << unit;
    EXPECT_TRUE(fails_with(Report::parse(view_of(text)),
                           unit[0] == '{' ? ErrorCode::limit_exceeded : ErrorCode::malformed))
        << unit;
  }
}

TEST(ReportJson, IsRefusedByDepthAndByNumberOfValues) {
  for (const std::string_view unit : {"[", "{\"a\":"}) {
    for (const std::size_t depth : {5U, 100U, 10'000U}) {
      EXPECT_TRUE(fails_with(parse_json(repeated(unit, depth)), ErrorCode::limit_exceeded));
    }
  }
  EXPECT_TRUE(fails_with(parse_json("{\"a\": [" + repeated("0,", 1000) + "0]}"),
                         ErrorCode::limit_exceeded));
}

}  // namespace
}  // namespace keystone
