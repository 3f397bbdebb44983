// SPDX-License-Identifier: Apache-2.0
#include "api/json_text.hpp"
#include "api/query.hpp"
#include "keystone/testing/fails_with.hpp"

#include <nlohmann/json.hpp>

namespace keystone::server {
namespace {

using testing::fails_with;

TEST(JsonText, SaysWhatWasAdded) {
  JsonText json;
  json.add("b", "text");
  json.add("a", std::uint64_t{18'446'744'073'709'551'615U});
  json.add("c", true);
  json.add("d", std::vector<std::string>{"x", "y"});
  json.add_json("e", "null");
  EXPECT_EQ(std::move(json).object(),
            R"({"b":"text","a":18446744073709551615,"c":true,"d":["x","y"],"e":null})");
  EXPECT_EQ(JsonText().object(), "{}");
}

TEST(JsonText, QuotesAnyBytesAsOtherReadersReadThem) {
  for (unsigned byte = 0; byte < 128; ++byte) {
    const std::string text = std::string("a") + static_cast<char>(byte) + "b";
    EXPECT_EQ(nlohmann::json::parse(json_quoted(text)), text) << byte;
  }
  EXPECT_EQ(json_quoted("\xc3\xa4"), "\"\xc3\xa4\"");
  EXPECT_EQ(json_quoted("\xff"), "\"\xef\xbf\xbd\"");
}

TEST(Query, HasEachParameterOnce) {
  const auto query = Query::parse("a=1%2B+&b=&c", {"a", "b", "c", "d"}).value();
  EXPECT_EQ(*query.find("a"), "1++");
  EXPECT_EQ(*query.find("b"), "");
  EXPECT_EQ(*query.find("c"), "");
  EXPECT_EQ(query.find("d"), nullptr);
}

TEST(Query, RefusesWhatItDoesNotKnow) {
  EXPECT_TRUE(fails_with(Query::parse("x=1", {"a"}), ErrorCode::malformed, "'x'"));
  EXPECT_TRUE(fails_with(Query::parse("A=1", {"a"}), ErrorCode::malformed, "'A'"));
  EXPECT_TRUE(fails_with(Query::parse("%61=1", {"a"}), ErrorCode::malformed, "'%61'"));
  EXPECT_TRUE(fails_with(Query::parse("a=1&a=1", {"a"}), ErrorCode::malformed, "twice"));
  EXPECT_TRUE(fails_with(Query::parse("&a=1", {"a"}), ErrorCode::malformed, "''"));
}

TEST(Query, RefusesEscapesThatAreNone) {
  for (const char* const escape : {"%", "%4", "%4g", "%g4", "%%41", "%00", "a%0"}) {
    EXPECT_TRUE(fails_with(percent_decoded("a", escape), ErrorCode::malformed, "a: ")) << escape;
  }
  EXPECT_EQ(percent_decoded("a", "%41%fF").value(), "A\xff");
}

}  // namespace
}  // namespace keystone::server
