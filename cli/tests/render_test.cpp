// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/render.hpp"

#include "keystone-measure/golden_render.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

using Json = nlohmann::ordered_json;

std::array<std::uint8_t, 64> counting() {
  std::array<std::uint8_t, 64> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(i);
  }
  return bytes;
}

EnclaveRecord enclave_record() {
  return {{Profile::keystone_loader_rv32, EnclaveHash(counting())},
          {{"eapp", "a\xff", 10, {}, 10, "whole_file"}},
          {},
          {"a note"},
          {"a warning"}};
}

SmRecord sm_record(std::optional<std::string> platform) {
  return {SmHash(counting()),  {0x80000000, 0x1000, 0xff},
          std::move(platform), {"image", "fw", 20, {}, 16, "cut"},
          {"a note"},          {"a warning"}};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::vector<EntryOutcome> kOutcomes = {
    {"enclave", "good", EntryState::match, ""},
    {"sm", "a<b>&\"c,:%", EntryState::mismatch, "got 1,\nwant: 100%"},
    {"sm", "\xef\xbf\xbe##[x]", EntryState::error, "\x1b \xff \xef\xbf\xbf"},
};

TEST(Render, HexIsDigitsAndALineFeed) {
  EXPECT_EQ(render(enclave_record(), Format::hex), EnclaveHash(counting()).hex() + "\n");
  EXPECT_EQ(render(sm_record({}), Format::hex).size(), 129U);
}

TEST(Render, JsonSaysWhatWasMeasuredAndHow) {
  const Json answer = Json::parse(render(enclave_record(), Format::json));
  EXPECT_EQ(answer["schema"], "keystone.measurement/1");
  EXPECT_EQ(answer["kind"], "enclave");
  EXPECT_EQ(answer["profile"], "keystone-loader-rv32");
  EXPECT_EQ(answer["hash"], EnclaveHash(counting()).hex());
  EXPECT_EQ(answer["inputs"][0]["path"], "a\xef\xbf\xbd");  // U+FFFD for what is not UTF-8
  EXPECT_FALSE(answer["inputs"][0].contains("sha256"));
  EXPECT_EQ(answer["notes"], Json({"a note"}));
  EXPECT_EQ(answer["warnings"], Json({"a warning"}));
  EXPECT_FALSE(answer["not_measured"].empty());
}

TEST(Render, JsonOfAFirmwareSaysItsWindow) {
  const Json with = Json::parse(render(sm_record("generic"), Format::json));
  EXPECT_EQ(with["platform"], "generic");
  EXPECT_EQ(with["window"]["base"], "0x80000000");
  EXPECT_EQ(with["window"]["size"], "0x1000");
  EXPECT_EQ(with["window"]["fill"], "0xff");
  EXPECT_EQ(with["inputs"][0]["extraction"], "cut");
  EXPECT_EQ(with["inputs"][0]["taken"], 16);
  EXPECT_TRUE(Json::parse(render(sm_record({}), Format::json))["platform"].is_null());
}

TEST(Render, CHeaderDeclaresTheNamesThatDemosInclude) {
  const std::string enclave = render(enclave_record(), Format::c_header);
  EXPECT_TRUE(contains(enclave, "unsigned char enclave_expected_hash[] = {\n  0x00, 0x01,"));
  EXPECT_TRUE(contains(enclave, "0x3e, 0x3f\n};\n"));
  EXPECT_TRUE(contains(enclave, "unsigned int enclave_expected_hash_len = 64;\n"));
  const std::string sm = render(sm_record({}), Format::c_header);
  EXPECT_TRUE(contains(sm, "unsigned char sm_expected_hash[] = {"));
  EXPECT_TRUE(contains(sm, "unsigned int sm_expected_hash_len = 64;\n"));
}

TEST(Render, TablesListEveryRowOnceWithOneDefault) {
  const auto defaults = [](const Json& rows) {
    return std::count_if(rows.begin(), rows.end(), [](const Json& row) { return row["default"]; });
  };
  const Json profile_rows = Json::parse(render_profiles(true))["profiles"];
  EXPECT_EQ(profile_rows.size(), profiles().size());
  EXPECT_EQ(defaults(profile_rows), 1);
  const Json platform_rows = Json::parse(render_platforms(true))["platforms"];
  EXPECT_EQ(platform_rows.size(), platforms().size());
  EXPECT_EQ(defaults(platform_rows), 1);
  for (const ProfileInfo& row : profiles()) {
    EXPECT_TRUE(contains(render_profiles(false), row.upstream));
  }
}

TEST(Render, FormatsHaveTheirNamesAndNoOthers) {
  EXPECT_EQ(format_from_name("hex"), Format::hex);
  EXPECT_EQ(format_from_name("json"), Format::json);
  EXPECT_EQ(format_from_name("c-header"), Format::c_header);
  EXPECT_TRUE(fails_with(format_from_name("junit"), ErrorCode::usage, "'junit'"));
  EXPECT_TRUE(fails_with(format_from_name(""), ErrorCode::usage));
  EXPECT_EQ(check_format_from_name("text"), CheckFormat::text);
  EXPECT_EQ(check_format_from_name("json"), CheckFormat::json);
  EXPECT_EQ(check_format_from_name("junit"), CheckFormat::junit);
  EXPECT_EQ(check_format_from_name("sarif"), CheckFormat::sarif);
  EXPECT_EQ(check_format_from_name("github"), CheckFormat::github);
  EXPECT_TRUE(fails_with(check_format_from_name("hex"), ErrorCode::usage, "'hex'"));
}

TEST(RenderCheck, TextHasALineForEachEntry) {
  EXPECT_EQ(render({{"sm", "a", EntryState::match, ""}, {"sm", "b", EntryState::error, "why"}}, "g",
                   CheckFormat::text),
            "match: sm a\nerror: sm b: why\n");
}

TEST(RenderCheck, JsonMatchesOnlyIfThereIsAnEntryAndAllMatch) {
  const auto matched = [](const std::vector<EntryOutcome>& outcomes) {
    return Json::parse(render(outcomes, "g", CheckFormat::json))["matched"] == true;
  };
  EXPECT_TRUE(matched({kOutcomes[0]}));
  EXPECT_FALSE(matched({}));
  EXPECT_FALSE(matched({kOutcomes[0], kOutcomes[1]}));
  EXPECT_FALSE(matched({kOutcomes[0], kOutcomes[2]}));
}

TEST(RenderCheck, JunitEscapesWhatXmlCannotHold) {
  const std::string xml = render(kOutcomes, "g&h", CheckFormat::junit);
  EXPECT_TRUE(
      contains(xml, "<testsuite name=\"g&amp;h\" tests=\"3\" failures=\"1\" errors=\"1\">"));
  EXPECT_TRUE(contains(xml, "<testcase classname=\"enclave\" name=\"good\"/>"));
  EXPECT_TRUE(contains(xml, "name=\"a&lt;b&gt;&amp;&quot;c,:%\""));
  EXPECT_TRUE(contains(xml, "<failure message=\"got 1,?want: 100%\"/>"));
  EXPECT_TRUE(contains(xml, "name=\"?##[x]\""));
  EXPECT_TRUE(contains(xml, "<error message=\"? \xef\xbf\xbd ?\"/>"));
}

TEST(RenderCheck, SarifHasAResultForEachEntryThatDoesNotMatch) {
  const Json report = Json::parse(render(kOutcomes, "a b/#%:\xff", CheckFormat::sarif));
  EXPECT_EQ(report["version"], "2.1.0");
  const Json& results = report["runs"][0]["results"];
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]["ruleId"], "golden-hash-mismatch");
  EXPECT_EQ(results[1]["ruleId"], "golden-input-error");
  const Json& location = results[0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(location["artifactLocation"]["uri"], "a%20b/%23%25%3A%FF");
  EXPECT_EQ(location["region"]["startLine"], 1);
}

TEST(RenderCheck, GithubAnnotatesEntriesThatDoNotMatchAndLetsNoCommandThrough) {
  const std::string text = render(kOutcomes, "a,b:c", CheckFormat::github);
  EXPECT_TRUE(
      text.starts_with("::error file=a%2Cb%3Ac,title=sm a<b>&\"c%2C%3A%25::"
                       "got 1,%0Awant: 100%25\n::error file=a%2Cb%3Ac,title=sm "));
  EXPECT_TRUE(contains(text, "\nmatch: enclave good\n"));
  const std::string lines = text.substr(text.find("\nmatch: "));
  EXPECT_FALSE(contains(lines, "##["));
  EXPECT_FALSE(contains(
      render({{"sm", "###[[##[", EntryState::match, ""}}, "g", CheckFormat::github), "##["));
}

}  // namespace
}  // namespace keystone::cli
