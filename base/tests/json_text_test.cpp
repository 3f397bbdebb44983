// SPDX-License-Identifier: Apache-2.0
// Which texts are a document at all.
#include "fails_with.hpp"
#include "keystone/base/json.hpp"

namespace keystone {
namespace {

std::string repeated(std::string_view unit, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) {
    text += unit;
  }
  return text;
}

// {"a": [[...]]} of `depth` levels, the object among them.
std::string nested(std::size_t depth) {
  return R"({"a": )" + repeated("[", depth - 1) + repeated("]", depth - 1) + "}";
}

JsonLimits with_comments() {
  JsonLimits limits;
  limits.comments = true;
  return limits;
}

TEST(ParseJson, TakesWhiteSpaceAroundTheObject) {
  EXPECT_TRUE(parse_json_object(" \t\r\n{ } \n"));
}

TEST(ParseJson, DecodesStrings) {
  const auto object = parse_json_object(R"({"s": "\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t"})");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->string_at("s"), "\xc3\xa9\xf0\x9f\x98\x80\"\\/\b\f\n\r\t");
}

TEST(ParseJson, RejectsADocumentThatIsNotAnObject) {
  for (const char* const text : {"[]", "null", "true", "1", "\"s\"", "[{}]"}) {
    EXPECT_TRUE(fails_with(parse_json_object(text), ErrorCode::malformed, {"want an object"}));
  }
}

TEST(ParseJson, RejectsTextThatIsNotJson) {
  for (const char* const text : {"",
                                 " ",
                                 "{",
                                 "}",
                                 "{]",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{,}",
                                 "{a:1}",
                                 "{'a':1}",
                                 "{\"a\" 1}",
                                 "{\"a\":1 \"b\":2}",
                                 "{\"a\":[1,]}",
                                 "{\"a\":01}",
                                 "{\"a\":+1}",
                                 "{\"a\":.5}",
                                 "{\"a\":1.}",
                                 "{\"a\":0x10}",
                                 "{\"a\":NaN}",
                                 "{\"a\":True}",
                                 "{\"a\":\"\t\"}",
                                 "{\"a\":\"\\x\"}",
                                 "{\"a\":\"\\u12\"}",
                                 "{\"a\":1e}",
                                 "{\"a\":--1}",
                                 "{1:1}"}) {
    EXPECT_TRUE(fails_with(parse_json_object(text), ErrorCode::malformed, {"not valid JSON"}))
        << text;
  }
}

TEST(ParseJson, SaysWhereTheTextBreaks) {
  EXPECT_TRUE(fails_with(parse_json_object("{\n  \"a\": !\n}"), ErrorCode::malformed,
                         {"line 2, column 8"}));
  EXPECT_TRUE(fails_with(parse_json_object("!"), ErrorCode::malformed, {"line 1, column 1"}));
}

TEST(ParseJson, RejectsEveryProperPrefix) {
  const std::string text = R"({"a": [{"b": "\u00e9", "c": -1.5e3}, null, true], "d": {"e": 12}})";
  ASSERT_TRUE(parse_json_object(text));
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_TRUE(fails_with(parse_json_object(text.substr(0, size)), ErrorCode::malformed)) << size;
  }
}

TEST(ParseJson, RejectsTextAfterTheObject) {
  for (const char* const text : {"{}{}", "{} x", "{},", "{}]", "{}}", "{}\n1", "{}//", "{}\x01"}) {
    EXPECT_TRUE(fails_with(parse_json_object(text), ErrorCode::malformed)) << text;
  }
}

TEST(ParseJson, RejectsANulByteAndWhateverFollowsIt) {
  using std::string_literals::operator""s;
  for (const auto& text : {"{}\0"s, "{}\0{\"a\": 1}"s, "{} \0 junk"s, "\0{}"s, "{\0}"s,
                           "{\"a\0\": 1}"s, "{\"a\": \"\0\"}"s, "{}//\0\n"s}) {
    EXPECT_TRUE(fails_with(parse_json_object(text), ErrorCode::malformed));
    EXPECT_TRUE(fails_with(parse_json_object(text, with_comments()), ErrorCode::malformed));
  }
}

TEST(ParseJson, RejectsAByteOrderMark) {
  EXPECT_TRUE(
      fails_with(parse_json_object("\xef\xbb\xbf{}"), ErrorCode::malformed, {"byte-order mark"}));
  EXPECT_TRUE(fails_with(parse_json_object("\xff\xfe{\0}"), ErrorCode::malformed));
}

TEST(ParseJson, RejectsInvalidUtf8InKeysAndStrings) {
  for (const char* const bytes :
       {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xe2\x82"}) {
    const std::string in_string = std::string("{\"a\": \"") + bytes + "\"}";
    const std::string in_key = std::string("{\"") + bytes + "\": 1}";
    EXPECT_TRUE(fails_with(parse_json_object(in_string), ErrorCode::malformed));
    EXPECT_TRUE(fails_with(parse_json_object(in_key), ErrorCode::malformed));
  }
}

TEST(ParseJson, RejectsHalfOfASurrogatePair) {
  for (const char* const text : {R"({"a": "\ud800"})", R"({"a": "\udc00"})",
                                 R"({"a": "\ud800\u0041"})", R"({"a": "\udc00\ud800"})"}) {
    EXPECT_TRUE(fails_with(parse_json_object(text), ErrorCode::malformed)) << text;
  }
}

TEST(ParseJson, SkipsCommentsOnlyWhenAsked) {
  constexpr std::string_view kText = "// one\n{/* two */\"a\": 1} // three";
  EXPECT_TRUE(fails_with(parse_json_object(kText), ErrorCode::malformed));
  const auto object = parse_json_object(kText, with_comments());
  ASSERT_TRUE(object);
  EXPECT_EQ(object->unsigned_at("a"), 1U);
  EXPECT_TRUE(fails_with(parse_json_object("{} /* open", with_comments()), ErrorCode::malformed));
}

// --- duplicate keys ----------------------------------------------------------------------------

TEST(ParseJson, RejectsADuplicateKeyWithItsPath) {
  EXPECT_TRUE(fails_with(parse_json_object(R"({"a": 1, "b": 2, "a": 1})"), ErrorCode::malformed,
                         {"a: this key is there twice"}));
  EXPECT_TRUE(fails_with(parse_json_object(R"({"l": [0, [{}], [{}, {"x": {"y": 1, "y": 2}}]]})"),
                         ErrorCode::malformed, {"l[2][1].x.y: "}));
}

TEST(ParseJson, ComparesKeysAfterDecoding) {
  EXPECT_TRUE(fails_with(parse_json_object(R"({"a": 1, "\u0061": 2})"), ErrorCode::malformed,
                         {"a: this key is there twice"}));
}

TEST(ParseJson, TakesAKeyAgainInAnotherObject) {
  EXPECT_TRUE(parse_json_object(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}], "A": 1, "": 1})"));
}

TEST(ParseJson, ShowsAHostilePathAsOneLine) {
  EXPECT_TRUE(fails_with(parse_json_object("{\"\\u001b[2J\": {\"\\r\\n\": 1, \"\\r\\n\": 1}}"),
                         ErrorCode::malformed, {"?[2J.??: "}));
}

// --- limits ------------------------------------------------------------------------------------

TEST(ParseJson, Takes32LevelsAndNotOneMore) {
  EXPECT_TRUE(parse_json_object(nested(32)));
  EXPECT_TRUE(fails_with(parse_json_object(nested(33)), ErrorCode::limit_exceeded, {"32 levels"}));
  const std::string objects = repeated("{\"a\": ", 32) + "{}" + repeated("}", 32);
  EXPECT_TRUE(fails_with(parse_json_object(objects), ErrorCode::limit_exceeded, {"32 levels"}));
}

TEST(ParseJson, StopsAtTheDepthLimitHoweverLongTheTextIs) {
  const std::string brackets(10'000'000, '[');
  EXPECT_TRUE(fails_with(parse_json_object(brackets), ErrorCode::limit_exceeded, {"32 levels"}));
  EXPECT_TRUE(fails_with(parse_json_object("{\"a\": " + brackets), ErrorCode::limit_exceeded));
  EXPECT_TRUE(
      fails_with(parse_json_object(repeated("{\"a\":", 2'000'000)), ErrorCode::limit_exceeded));
}

TEST(ParseJson, RejectsTextAboveTheSizeLimit) {
  JsonLimits limits;
  limits.max_bytes = 10;
  EXPECT_TRUE(parse_json_object("{}        ", limits));
  EXPECT_TRUE(fails_with(parse_json_object("{}         ", limits), ErrorCode::limit_exceeded,
                         {"got 11", "at most 10"}));
  const std::string large = "{}" + std::string(std::size_t{16} << 20U, ' ');
  EXPECT_TRUE(fails_with(parse_json_object(large), ErrorCode::limit_exceeded));
}

TEST(ParseJson, RejectsMoreValuesThanTheLimit) {
  JsonLimits limits;
  limits.max_values = 4;
  EXPECT_TRUE(parse_json_object(R"({"a": [1, "s"]})", limits));
  EXPECT_TRUE(fails_with(parse_json_object(R"({"a": [1, "s", {}]})", limits),
                         ErrorCode::limit_exceeded, {"more than 4 values"}));
  EXPECT_TRUE(
      fails_with(parse_json_object(R"({"a": [1, "s", null]})", limits), ErrorCode::limit_exceeded));
  const std::string many = R"({"a": [)" + repeated("0,", 500'000) + "0]}";
  EXPECT_TRUE(fails_with(parse_json_object(many), ErrorCode::limit_exceeded, {"500000"}));
}

}  // namespace
}  // namespace keystone
