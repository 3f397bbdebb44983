// SPDX-License-Identifier: Apache-2.0
// What a caller asks of an object. The text that makes one: json_text_test.cpp.
#include "keystone/base/json.hpp"

#include "fails_with.hpp"

#include <optional>

namespace keystone {
namespace {

JsonObject parsed(std::string_view text) {
  auto object = parse_json_object(text);
  return object ? *object : throw std::invalid_argument(object.error().message);
}

constexpr std::string_view kEveryKind =
    R"({"null": null, "bool": true, "number": 7, "negative": -1, "fraction": 7.0,
        "string": "s", "array": [], "object": {}})";

TEST(JsonObject, GivesEachMemberInItsType) {
  const auto object = parsed(kEveryKind);
  EXPECT_EQ(object.bool_at("bool"), true);
  EXPECT_EQ(object.unsigned_at("number"), 7U);
  EXPECT_EQ(object.string_at("string"), "s");
  EXPECT_TRUE(object.object_at("object"));
  EXPECT_TRUE(object.objects_at("array") && object.objects_at("array")->empty());
  EXPECT_EQ(object.path(), "");
}

TEST(JsonObject, SaysThatAMemberIsMissing) {
  const auto object = *parsed(R"({"outer": {}})").object_at("outer");
  EXPECT_FALSE(object.has("key"));
  EXPECT_TRUE(fails_with(object.string_at("key"), ErrorCode::malformed, {"outer.key: missing"}));
  EXPECT_TRUE(fails_with(object.unsigned_at("key"), ErrorCode::malformed, {"outer.key: missing"}));
  EXPECT_TRUE(fails_with(object.bool_at("key"), ErrorCode::malformed, {"outer.key: missing"}));
  EXPECT_TRUE(fails_with(object.object_at("key"), ErrorCode::malformed, {"outer.key: missing"}));
  EXPECT_TRUE(fails_with(object.objects_at("key"), ErrorCode::malformed, {"outer.key: missing"}));
}

// `ask` must refuse every member of kEveryKind but `right`, and say what is there.
template <class Ask>
void expect_wrong_kinds(std::string_view right, std::string_view want, Ask ask) {
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"null", "got null"},
      {"bool", "got a boolean"},
      {"number", "got a number"},
      {"negative", "got a number of"},
      {"fraction", "got a number of"},
      {"string", "got a string"},
      {"array", "got an array"},
      {"object", "got an object"}};
  const auto object = parsed(kEveryKind);
  for (const auto& [key, got] : kKinds) {
    if (key != right) {
      EXPECT_TRUE(
          fails_with(ask(object, key), ErrorCode::malformed, {std::string(key) + ": ", got, want}));
    }
  }
}

TEST(JsonObject, RejectsEveryOtherKindForAString) {
  expect_wrong_kinds("string", "want a string",
                     [](const auto& object, auto key) { return object.string_at(key); });
}

TEST(JsonObject, RejectsEveryOtherKindForAnUnsignedNumber) {
  expect_wrong_kinds("number", "want an integer without sign",
                     [](const auto& object, auto key) { return object.unsigned_at(key); });
}

TEST(JsonObject, RejectsEveryOtherKindForABoolean) {
  expect_wrong_kinds("bool", "want true or false",
                     [](const auto& object, auto key) { return object.bool_at(key); });
}

TEST(JsonObject, RejectsEveryOtherKindForAnObject) {
  expect_wrong_kinds("object", "want an object",
                     [](const auto& object, auto key) { return object.object_at(key); });
}

TEST(JsonObject, RejectsEveryOtherKindForAnArray) {
  expect_wrong_kinds("array", "want an array",
                     [](const auto& object, auto key) { return object.objects_at(key); });
}

TEST(JsonObject, RejectsAnArrayWithAnythingButObjects) {
  const auto object = parsed(R"({"a": {"list": [{}, {}, "x"]}})");
  EXPECT_TRUE(fails_with(object.object_at("a")->objects_at("list"), ErrorCode::malformed,
                         {"a.list[2]: ", "got a string", "want an object"}));
}

TEST(JsonObject, ReadsUnsignedNumbersUpTo64Bits) {
  EXPECT_EQ(parsed(R"({"n": 0})").unsigned_at("n"), 0U);
  EXPECT_EQ(parsed(R"({"n": 18446744073709551615})").unsigned_at("n"), UINT64_MAX);
}

TEST(JsonObject, RejectsNumbersWrittenInAnotherWay) {
  for (const char* const number : {"32.0", "-1", "-0", "1e2", "1E2", "0.0", "-0.0", "0e0",
                                   "18446744073709551616", "1e400", "1.5"}) {
    const auto object = parse_json_object(std::string(R"({"n": )") + number + "}");
    if (object) {
      EXPECT_TRUE(fails_with(object->unsigned_at("n"), ErrorCode::malformed, {"n: "})) << number;
    } else {
      EXPECT_EQ(object.error().code, ErrorCode::malformed) << number;
    }
  }
}

TEST(JsonObject, KeepsNumbersToTheirRange) {
  const auto object = parsed(R"({"o": {"n": 10}})").object_at("o");
  EXPECT_EQ(object->unsigned_at("n", {10, 10}), 10U);
  EXPECT_TRUE(fails_with(object->unsigned_at("n", {0, 9}), ErrorCode::malformed,
                         {"o.n: ", "got 10", "want 0 to 9"}));
  EXPECT_TRUE(fails_with(object->unsigned_at("n", {11, 20}), ErrorCode::malformed,
                         {"o.n: ", "got 10", "want 11 to 20"}));
}

TEST(JsonObject, FindsAMemberThatNobodyAskedFor) {
  const auto object = parsed(R"({"list": [{}, {"name": "x", "nmae": "y"}]})");
  const auto second = object.objects_at("list")->at(1);
  ASSERT_TRUE(second.string_at("name"));
  const auto status = second.no_others();
  ASSERT_TRUE(fails_with(status, ErrorCode::malformed, {"list[1].nmae: unknown key"}));
  EXPECT_EQ(status.error().hint, "one of name");
}

TEST(JsonObject, SuggestsTheKeyThatWasMeant) {
  const auto object = parsed(R"({"loader_rew": true})");
  EXPECT_FALSE(object.has("loader_raw"));
  EXPECT_EQ(object.no_others().error().hint, "did you mean loader_raw?");
}

TEST(JsonObject, KnowsAKeyOnceItWasAskedFor) {
  const auto object = parsed(R"({"a": 1})");
  EXPECT_FALSE(object.no_others());
  EXPECT_TRUE(object.has("a"));
  EXPECT_TRUE(object.no_others());
}

TEST(JsonObject, KnowsAKeyOfAnotherTypeAndOneThatIsNotThere) {
  const auto object = parsed(R"({"a": 1})");
  EXPECT_FALSE(object.string_at("a"));
  EXPECT_FALSE(object.string_at("b"));
  EXPECT_TRUE(object.no_others());
}

TEST(JsonObject, ShowsAHostileKeyAsOneShortLine) {
  const auto escape = parsed("{\"\\u001b[31m\\n\\u0000\\u009b\": 1}").no_others();
  EXPECT_TRUE(fails_with(escape, ErrorCode::malformed, {"?[31m", "unknown key"}));
  const auto lengthy = parsed("{\"" + std::string(100'000, 'k') + "\": 1}").no_others();
  ASSERT_TRUE(fails_with(lengthy, ErrorCode::malformed, {"unknown key"}));
  EXPECT_LT(lengthy.error().message.size(), 200U);
}

TEST(JsonObject, OutlivesTheDocumentItCameFrom) {
  std::optional<JsonObject> inner;
  {
    const auto document = parsed(R"({"a": {"b": {"c": "kept"}}})");
    inner = *document.object_at("a")->object_at("b");
  }
  EXPECT_EQ(inner->string_at("c"), "kept");
}

}  // namespace
}  // namespace keystone
