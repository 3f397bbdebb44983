// SPDX-License-Identifier: Apache-2.0
// Entries of page-walk enclaves, which have no loader and parameters of their own.
#include "fails_with.hpp"
#include "golden_keys.hpp"
#include "golden_same.hpp"

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using Json = nlohmann::json;

Json example() {
  return Json::parse(serialized({{example_page_walk("v0.2")}, {}}));
}

Json& parameters_of(Json& document) {
  return document["enclaves"][0]["parameters"];
}

Result<GoldenFile> with_parameter(std::string_view key, const Json& value) {
  Json document = example();
  parameters_of(document)[std::string(key)] = value;
  return GoldenFile::parse(document.dump());
}

TEST(GoldenPageWalk, IsReadBackAsItWasWritten) {
  expect_round_trip({{example_page_walk("a")}, {}});
  expect_round_trip({{example_enclave("a"), example_page_walk("b")}, {example_sm("c")}});
}

TEST(GoldenPageWalk, MaySayNothingOfItsHost) {
  GoldenEnclave enclave = example_page_walk("a");
  enclave.page_walk = {};
  expect_round_trip({{enclave}, {}});
  EXPECT_NE(serialized({{enclave}, {}}).find("\"parameters\": {}"), std::string::npos);
}

TEST(GoldenPageWalk, KeepsEachParameterOnItsOwn) {
  for (const GoldenPageWalkKey& known : kGoldenPageWalkKeys) {
    GoldenEnclave enclave = example_page_walk("a");
    enclave.page_walk = {};
    enclave.page_walk.*known.value = 0x123;
    expect_round_trip({{enclave}, {}});
    const std::string member = "\"" + std::string(known.key) + "\": \"0x123\"";
    EXPECT_NE(serialized({{enclave}, {}}).find(member), std::string::npos) << known.key;
  }
}

TEST(GoldenPageWalk, WritesParametersInAFixedOrder) {
  const std::string text = serialized({{example_page_walk("a")}, {}});
  std::size_t at = 0;
  for (const char* const line :
       {"\"runtime\"", "\"parameters\": {", "\"untrusted_ptr\": \"0xffffffffe0000000\"",
        "\"untrusted_size\": \"0x2000\"", "\"stack_size\": \"0x0\"", "\"freemem\": \"0x1\"",
        "\"runtime_stack\": \"0x4000\"", "\"runtime_entry\": \"0xffffffffffffffff\"",
        "\"user_entry\": \"0x10000\"", "\"hash\""}) {
    at = text.find(line, at);
    ASSERT_NE(at, std::string::npos) << line;
  }
  EXPECT_EQ(text.find("loader"), std::string::npos);
}

TEST(GoldenPageWalk, TakesNumbersAsOptionsSpellThem) {
  const auto file = with_parameter("stack_size", "16384");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->enclaves[0].page_walk.stack_size, 0x4000U);
}

TEST(GoldenPageWalk, RefusesNumbersOfOtherSpellingsAndAbove64Bits) {
  for (const GoldenPageWalkKey& known : kGoldenPageWalkKeys) {
    const std::string place = "enclaves[0].parameters." + std::string(known.key) + ": got ";
    for (const Json& value :
         {Json(""), Json("-1"), Json("010"), Json("0x"), Json("1.0"), Json("18446744073709551616"),
          Json("0x10000000000000000"), Json(7), Json(nullptr), Json(true), Json::array()}) {
      EXPECT_TRUE(
          fails_with(with_parameter(known.key, value), ErrorCode::malformed, {place.c_str()}));
    }
  }
}

TEST(GoldenPageWalk, RefusesUnknownParameters) {
  for (const char* const key : {"max_memory", "base", "size", "fill", "Stack_size", ""}) {
    EXPECT_TRUE(fails_with(with_parameter(key, "0x1"), ErrorCode::malformed,
                           {std::string("enclaves[0].parameters.") + key + ": unknown key"}));
  }
}

TEST(GoldenPageWalk, RefusesEachParameterBesideALoader) {
  for (const GoldenPageWalkKey& known : kGoldenPageWalkKeys) {
    const std::string key(known.key);
    Json document = Json::parse(serialized(example_file()));
    parameters_of(document)[key] = "0x1";
    EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                           {"enclaves[0].parameters." + key + ": unknown key"}));
  }
}

TEST(GoldenPageWalk, RefusesLoaderRawWithoutALoader) {
  for (const bool raw : {false, true}) {
    Json document = example();
    parameters_of(document) = {{"loader_raw", raw}};
    EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                           {"enclaves[0].inputs.loader: missing"}));
  }
}

TEST(GoldenPageWalk, RefusesALoaderWithoutLoaderRaw) {
  Json document = example();
  Json& inputs = document["enclaves"][0]["inputs"];
  inputs["loader"] = inputs["eapp"];
  EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                         {"enclaves[0].parameters.loader_raw: missing"}));
}

TEST(GoldenPageWalk, RefusesAnEnclaveWithoutEappOrRuntime) {
  for (const char* const role : {"eapp", "runtime"}) {
    Json document = example();
    document["enclaves"][0]["inputs"].erase(role);
    EXPECT_TRUE(fails_with(GoldenFile::parse(document.dump()), ErrorCode::malformed,
                           {std::string("enclaves[0].inputs.") + role + ": missing"}));
  }
}

}  // namespace
}  // namespace keystone
