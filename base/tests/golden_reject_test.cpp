// SPDX-License-Identifier: Apache-2.0
// The example with one thing wrong at a time: refused, with the path of that thing.
#include "fails_with.hpp"
#include "golden_example.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;

Json example() {
  return Json::parse(*example_file().serialize());
}

// /enclaves/0/name -> enclaves[0].name
std::string shown(const Pointer& pointer) {
  std::string text;
  Pointer rest = pointer;
  while (!rest.empty()) {
    const std::string name = rest.back();
    const bool is_index = name.find_first_not_of("0123456789") == std::string::npos;
    rest.pop_back();
    text = (is_index ? "[" + name + "]" : (rest.empty() ? "" : ".") + name) + text;
  }
  return text;
}

// Every place of the document but its root.
void collect(const Json& value, const Pointer& at, std::vector<Pointer>& places) {
  if (!at.empty()) {
    places.push_back(at);
  }
  if (value.is_structured()) {
    for (const auto& item : value.items()) {
      collect(item.value(),
              value.is_array() ? at / static_cast<std::size_t>(std::stoul(item.key()))
                               : at / item.key(),
              places);
    }
  }
}

std::vector<Pointer> places_of(const Json& document) {
  std::vector<Pointer> places;
  collect(document, Pointer(), places);
  return places;
}

bool is_optional(const std::string& name) {
  return name == "platform" || name == "base" || name == "size" || name == "fill";
}

Result<GoldenFile> with(const char* pointer, const Json& value) {
  Json document = example();
  document.at(Pointer(pointer)) = value;
  return GoldenFile::parse(document.dump());
}

TEST(GoldenReject, TheExampleItselfIsTaken) {
  EXPECT_TRUE(GoldenFile::parse(example().dump()));
  EXPECT_EQ(places_of(example()).size(), 31U);
}

TEST(GoldenReject, RefusesAFileWithoutAnyOneField) {
  for (const Pointer& place : places_of(example())) {
    Json document = example();
    Json& parent = document.at(place.parent_pointer());
    if (parent.is_array()) {
      continue;
    }
    parent.erase(place.back());
    const auto file = GoldenFile::parse(document.dump());
    if (is_optional(place.back())) {
      EXPECT_TRUE(file) << shown(place);
    } else {
      EXPECT_TRUE(fails_with(file, ErrorCode::malformed, {shown(place) + ": missing"}));
    }
  }
}

TEST(GoldenReject, RefusesAnUnknownKeyInEveryObject) {
  auto places = places_of(example());
  places.emplace_back();
  int objects = 0;
  for (const Pointer& place : places) {
    Json document = example();
    if (document.at(place).is_object()) {
      document.at(place)["surplus"] = 1;
      EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                             {shown(place / "surplus") + ": unknown key"}));
      ++objects;
    }
  }
  EXPECT_EQ(objects, 11);
}

TEST(GoldenReject, RefusesAnotherTypeAtEveryPlace) {
  const Json kinds[] = {nullptr, true, 7, -1, 1.5, "", Json::array(), Json::object()};
  for (const Pointer& place : places_of(example())) {
    for (const Json& other : kinds) {
      Json document = example();
      if (document.at(place).type() == other.type()) {
        continue;
      }
      document.at(place) = other;
      EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                             {shown(place) + ": got "}));
    }
  }
}

TEST(GoldenReject, RefusesEveryOtherSchemaWord) {
  for (const char* const word : {"", "keystone.golden", "keystone.golden/2", "keystone.golden/1 ",
                                 "Keystone.golden/1", "keystone.report/1"}) {
    EXPECT_TRUE(fails_with(with("/schema", word), ErrorCode::malformed,
                           {"schema: got '" + std::string(word) + "'", "keystone.golden/1"}));
  }
}

TEST(GoldenReject, RefusesANameThatIsThereTwice) {
  for (const char* const kind : {"enclaves", "security_monitors"}) {
    Json document = example();
    document[kind][0]["name"] = "caf\xc3\xa9";
    document[kind].push_back(document[kind][0]);
    EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                           {std::string(kind) + "[1].name: got 'caf?", "second time"}));
  }
}

TEST(GoldenReject, RefusesAKeyThatIsThereTwice) {
  std::string text = *example_file().serialize();
  text.insert(text.find("\"hash\""), "\"name\": \"x\",\n");
  EXPECT_TRUE(fails_with(GoldenFile::parse(text), ErrorCode::malformed, {"enclaves[0].name: "}));
}

TEST(GoldenReject, RefusesComments) {
  EXPECT_TRUE(
      fails_with(GoldenFile::parse("// no\n" + *example_file().serialize()), ErrorCode::malformed));
}

TEST(GoldenReject, RefusesAnAbsolutePath) {
  for (const char* const place :
       {"/enclaves/0/inputs/eapp/path", "/enclaves/0/inputs/runtime/path",
        "/enclaves/0/inputs/loader/path", "/security_monitors/0/inputs/image/path"}) {
    EXPECT_TRUE(fails_with(with(place, "/etc/passwd"), ErrorCode::malformed,
                           {shown(Pointer(place)) + ": ", "absolute"}));
    EXPECT_TRUE(fails_with(with(place, "/"), ErrorCode::malformed, {"absolute"}));
  }
}

TEST(GoldenReject, RefusesTextThatIsEmptyOrTooLong) {
  for (const char* const place :
       {"/enclaves/0/name", "/enclaves/0/profile", "/enclaves/0/inputs/eapp/path",
        "/security_monitors/0/name", "/security_monitors/0/platform",
        "/security_monitors/0/inputs/image/path"}) {
    const bool is_path = std::string(place).ends_with("path");
    const std::size_t most = is_path ? 4096 : 128;
    const std::string path = shown(Pointer(place)) + ": ";
    EXPECT_TRUE(fails_with(with(place, ""), ErrorCode::malformed, {path, "got 0 bytes"}));
    EXPECT_TRUE(with(place, std::string(most, 'x')));
    EXPECT_TRUE(fails_with(with(place, std::string(most + 1, 'x')), ErrorCode::malformed,
                           {path, "want 1 to " + std::to_string(most)}));
  }
}

TEST(GoldenReject, RefusesControlCharactersInNamesAndPaths) {
  using std::string_literals::operator""s;
  for (const std::string& text :
       {"a\nb"s, "\x1b[31mred"s, "a\0b"s, "\x7f"s, "tab\t"s, "csi\xc2\x9b"s}) {
    for (const char* const place :
         {"/enclaves/0/name", "/enclaves/0/profile", "/enclaves/0/inputs/loader/path",
          "/security_monitors/0/name", "/security_monitors/0/platform",
          "/security_monitors/0/inputs/image/path"}) {
      EXPECT_TRUE(fails_with(with(place, text), ErrorCode::malformed,
                             {shown(Pointer(place)) + ": ", "control characters"}));
    }
  }
}

TEST(GoldenReject, RefusesAHashThatIsNotItsDigits) {
  for (const auto& [place, digits] : {std::pair<const char*, std::size_t>{"/enclaves/0/hash", 128},
                                      {"/security_monitors/0/hash", 128},
                                      {"/enclaves/0/inputs/eapp/sha256", 64},
                                      {"/enclaves/0/inputs/runtime/sha256", 64},
                                      {"/enclaves/0/inputs/loader/sha256", 64},
                                      {"/security_monitors/0/inputs/image/sha256", 64}}) {
    const std::string path = shown(Pointer(place)) + ": ";
    const std::string want = "want " + std::to_string(digits);
    for (const std::size_t size :
         {std::size_t{0}, digits - 2, digits - 1, digits + 1, digits * 2}) {
      EXPECT_TRUE(fails_with(with(place, std::string(size, 'a')), ErrorCode::malformed,
                             {path, "got " + std::to_string(size), want}));
    }
    for (const char bad : {'A', 'g', ' ', '\n', '\x7f'}) {
      EXPECT_TRUE(fails_with(with(place, std::string(digits - 1, 'a') + bad), ErrorCode::malformed,
                             {path, "digit " + std::to_string(digits - 1)}));
    }
  }
}

TEST(GoldenReject, ReadsParametersAsOptionsSpellThem) {
  const auto decimal = with("/security_monitors/0/parameters",
                            {{"base", "2147483648"}, {"size", "0x00FF"}, {"fill", "255"}});
  ASSERT_TRUE(decimal);
  EXPECT_EQ(decimal->security_monitors[0].base, 0x8000'0000U);
  EXPECT_EQ(decimal->security_monitors[0].size, 255U);
  EXPECT_EQ(decimal->security_monitors[0].fill, 255);
}

TEST(GoldenReject, RefusesOtherSpellingsOfNumbers) {
  for (const char* const name : {"base", "size", "fill"}) {
    const std::string place = std::string("/security_monitors/0/parameters/") + name;
    for (const char* const text : {"", "010", "00", "-1", "+1", " 1", "1 ", "0x", "0X10", "1.0",
                                   "18446744073709551616", "0x10000000000000000"}) {
      EXPECT_TRUE(fails_with(with(place.c_str(), text), ErrorCode::malformed,
                             {std::string("security_monitors[0].parameters.") + name + ": got"}));
    }
  }
}

TEST(GoldenReject, RefusesAFillThatIsNotAByte) {
  for (const char* const text : {"256", "0x100", "18446744073709551615"}) {
    EXPECT_TRUE(fails_with(with("/security_monitors/0/parameters/fill", text), ErrorCode::malformed,
                           {"parameters.fill: ", "want 0 to 255"}));
  }
}

TEST(GoldenReject, RefusesEveryProperPrefix) {
  std::string text = *example_file().serialize();
  text.pop_back();  // the line feed, without which the document is complete
  ASSERT_TRUE(GoldenFile::parse(text));
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_TRUE(fails_with(GoldenFile::parse(text.substr(0, size)), ErrorCode::malformed)) << size;
  }
}

TEST(GoldenReject, RefusesTheSameNameForAnEnclaveAndAnSm) {
  EXPECT_TRUE(fails_with(with("/security_monitors/0/name", "hello"), ErrorCode::malformed,
                         {"security_monitors[0].name: ", "hello", "second time"}));
}

TEST(GoldenReject, RefusesAnSmWithoutAWindow) {
  for (const char* const missing : {"base", "size"}) {
    Json document = example();
    Json& sm = document.at(Pointer("/security_monitors/0"));
    sm.erase("platform");
    EXPECT_TRUE(GoldenFile::parse(document.dump()));
    sm.at("parameters").erase(missing);
    EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                           {"security_monitors[0].platform: ", "missing"}));
  }
}

TEST(GoldenReject, StopsAtTheReadersLimits) {
  EXPECT_TRUE(
      fails_with(GoldenFile::parse(std::string(10'000'000, '[')), ErrorCode::limit_exceeded));
}

}  // namespace
}  // namespace keystone
