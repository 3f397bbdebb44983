// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/ear.hpp"
#include <keystone/testing/fails_with.hpp>

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using testing::fails_with;
using Json = nlohmann::json;

// A result in the form of veraison/ear, with every claim that is read.
constexpr std::string_view kDeployed = R"({
  "eat_profile": "tag:github.com,2023:veraison/ear",
  "iat": 1666529184,
  "exp": 1666529484,
  "eat_nonce": "AAECAwQFBgc",
  "ear.verifier-id": {"developer": "https://veraison-project.org", "build": "vts 0.0.1"},
  "submods": {
    "platform": {
      "ear.status": "warning",
      "ear.trustworthiness-vector": {
        "instance-identity": 2, "configuration": -1, "executables": 3, "file-system": 0,
        "hardware": 32, "runtime-opaque": -33, "storage-opaque": 127, "sourced-data": -128
      },
      "ear.appraisal-policy-id": "policy:1"
    },
    "sm": {"ear.status": "none"}
  },
  "keystone.findings": [{"check": "sm_hash", "result": "waived", "reason": "any"}]
})";

// The same as the draft has it, of draft-ietf-rats-ear-03.
constexpr std::string_view kDraft = R"({
  "eat_profile": "tag:ietf.org,2026:rats/ear#03",
  "iat": 1666529184,
  "exp": 1666529484,
  "eat_nonce": "AAECAwQFBgc",
  "ear_verifier_id": {"developer": "https://veraison-project.org", "build": "vts 0.0.1"},
  "submods": {
    "platform": {
      "ear_status": "warning",
      "ear_trustworthiness_vector": {
        "instance-identity": 2, "configuration": -1, "executables": 3,
        "hardware": 32, "runtime-opaque": -33, "storage-opaque": 127, "sourced-data": -128
      },
      "ear_appraisal_policy_ids": ["policy:1"]
    },
    "sm": {"ear_status": "none", "ear_trustworthiness_vector": {}}
  },
  "keystone.findings": [{"check": "sm_hash", "result": "waived", "reason": "any"}]
})";

AttestationResult expected() {
  AttestationResult result;
  result.issued = Instant(std::chrono::seconds(1666529184));
  result.expires = Instant(std::chrono::seconds(1666529484));
  result.verifier = {"https://veraison-project.org", "vts 0.0.1"};
  result.nonce = {0, 1, 2, 3, 4, 5, 6, 7};
  EarSubmod& platform = result.submods["platform"];
  platform.status = TrustTier::warning;
  platform.claims[TrustClaim::instance_identity] = 2;
  platform.claims[TrustClaim::configuration] = -1;
  platform.claims[TrustClaim::executables] = 3;
  platform.claims[TrustClaim::hardware] = 32;
  platform.claims[TrustClaim::runtime_opaque] = -33;
  platform.claims[TrustClaim::storage_opaque] = 127;
  platform.claims[TrustClaim::sourced_data] = -128;
  platform.policy_ids = {"policy:1"};
  result.submods["sm"] = {};
  result.findings = {{"sm_hash", "waived", "any"}};
  return result;
}

// kDeployed with one thing changed, by JSON pointer; null takes it away.
std::string changed(const char* pointer, const Json& value) {
  Json json = Json::parse(kDeployed);
  const Json::json_pointer at(pointer);
  if (value.is_null()) {
    json[at.parent_pointer()].erase(at.back());
  } else {
    json[at] = value;
  }
  return json.dump();
}

TEST(EarJson, ReadsBothForms) {
  for (const std::string_view text : {kDeployed, kDraft}) {
    const auto result = parse_ear(text);
    ASSERT_TRUE(testing::succeeds(result));
    EXPECT_EQ(*result, expected());
  }
}

TEST(EarJson, WritesBothForms) {
  Json deployed = Json::parse(kDeployed);
  deployed["submods"]["platform"]["ear.trustworthiness-vector"].erase("file-system");
  deployed["submods"]["sm"]["ear.trustworthiness-vector"] = Json::object();
  EXPECT_EQ(Json::parse(to_json(expected(), EarForm::deployed)), deployed);
  EXPECT_EQ(Json::parse(to_json(expected(), EarForm::draft)), Json::parse(kDraft));
}

TEST(EarJson, IsOneLine) {
  EXPECT_EQ(to_json(expected(), EarForm::deployed).find('\n'), std::string::npos);
}

TEST(EarJson, ReadsAnyNumberOfTheDraft) {
  Json json = Json::parse(kDraft);
  json["eat_profile"] = "tag:ietf.org,2026:rats/ear#04";
  EXPECT_EQ(parse_ear(json.dump()), expected());
}

TEST(EarJson, TakesNoOtherProfile) {
  for (const char* profile : {"", "tag:github.com,2022:veraison/ear",
                              "tag:github.com,2023:veraison/ear#03", "tag:ietf.org,2026:rats/ear",
                              "tag:ietf.org,2026:rats/ear#", "tag:ietf.org,2026:rats/ear#3a"}) {
    EXPECT_TRUE(fails_with(parse_ear(changed("/eat_profile", profile)), ErrorCode::malformed,
                           "eat_profile"))
        << profile;
  }
  EXPECT_FALSE(parse_ear(changed("/eat_profile", nullptr)));
}

// The names of one form are unknown ones in the other.
TEST(EarJson, MixesNoForms) {
  EXPECT_FALSE(parse_ear(changed("/eat_profile", "tag:ietf.org,2026:rats/ear#03")));
  const auto both = parse_ear(changed("/submods/sm/ear_status", "affirming"));
  EXPECT_EQ(both->submods.at("sm").status, TrustTier::none);
}

TEST(EarJson, IgnoresClaimsThatItDoesNotKnow) {
  EXPECT_EQ(parse_ear(changed("/ear.raw-evidence", "AAAA")), expected());
  EXPECT_EQ(parse_ear(changed("/submods/sm/ear.veraison.policy-claims", {{"a", {1, 2}}})),
            expected());
  EXPECT_EQ(parse_ear(changed("/submods/platform/ear.trustworthiness-vector/new", 99)), expected());
}

TEST(EarJson, NeedsWhatEveryResultHas) {
  for (const char* pointer : {"/iat", "/ear.verifier-id", "/ear.verifier-id/developer",
                              "/ear.verifier-id/build", "/submods", "/submods/sm/ear.status"}) {
    EXPECT_TRUE(fails_with(parse_ear(changed(pointer, nullptr)), ErrorCode::malformed)) << pointer;
  }
  EXPECT_TRUE(
      fails_with(parse_ear(changed("/submods", Json::object())), ErrorCode::malformed, "submods"));
}

TEST(EarJson, CanDoWithoutTheRest) {
  for (const char* pointer :
       {"/exp", "/eat_nonce", "/keystone.findings", "/submods/platform/ear.trustworthiness-vector",
        "/submods/platform/ear.appraisal-policy-id"}) {
    EXPECT_TRUE(testing::succeeds(parse_ear(changed(pointer, nullptr)))) << pointer;
  }
}

TEST(EarJson, IsStrictAboutTypes) {
  const std::pair<const char*, Json> changes[] = {
      {"/iat", "1"},
      {"/iat", -1},
      {"/iat", 1.0},
      {"/exp", 1.5},
      {"/exp", false},
      {"/eat_nonce", 7},
      {"/eat_nonce", {"AAECAwQFBgc", "AAECAwQFBgc"}},
      {"/ear.verifier-id", "veraison"},
      {"/submods", Json::array()},
      {"/submods/sm", "affirming"},
      {"/submods/sm/ear.status", 2},
      {"/submods/sm/ear.status", "Affirming"},
      {"/submods/sm/ear.trustworthiness-vector", Json::array()},
      {"/submods/sm/ear.appraisal-policy-id", {"a"}},
      {"/keystone.findings", Json::object()},
      {"/keystone.findings/0", "sm_hash"},
      {"/keystone.findings/0/check", 7},
  };
  for (const auto& [pointer, value] : changes) {
    EXPECT_TRUE(fails_with(parse_ear(changed(pointer, value)), ErrorCode::malformed))
        << pointer << " " << value;
  }
}

TEST(EarJson, TakesNoClaimThatIsNoByte) {
  for (const Json& value : {Json(2.0), Json(2.9), Json(128), Json(-129), Json("2"), Json(true),
                            Json(4294967298), Json(18446744073709551615U)}) {
    EXPECT_TRUE(fails_with(
        parse_ear(changed("/submods/platform/ear.trustworthiness-vector/executables", value)),
        ErrorCode::malformed, "submods.platform.ear.trustworthiness-vector.executables"))
        << value;
  }
}

TEST(EarJson, TakesNoNonceOfAnotherSize) {
  for (const char* nonce :
       {"", "AAECAwQFBg", "AAECAwQFBgc==", "AAECAwQFBgd", "+++/////////////////"}) {
    EXPECT_FALSE(parse_ear(changed("/eat_nonce", nonce))) << nonce;
  }
  EXPECT_TRUE(parse_ear(changed("/eat_nonce", "AAECAwQFBgc=")));  // as some pad it
  EXPECT_TRUE(parse_ear(changed("/eat_nonce", std::string(86, 'A'))));
  EXPECT_FALSE(parse_ear(changed("/eat_nonce", std::string(87, 'A'))));
}

TEST(EarJson, TakesNoClaimTwice) {
  std::string text(kDeployed);
  text.insert(text.find("\"iat\""), "\"iat\": 1, ");
  EXPECT_TRUE(fails_with(parse_ear(text), ErrorCode::malformed, "twice"));
  text = kDeployed;
  text.insert(text.find("\"ear.status\""), "\"ear.status\": \"affirming\", ");
  EXPECT_TRUE(fails_with(parse_ear(text), ErrorCode::malformed, "twice"));
}

TEST(EarJson, HasLimits) {
  EXPECT_TRUE(fails_with(parse_ear(std::string(kMaxEar + 1, ' ')), ErrorCode::limit_exceeded));
  const std::string deep = std::string(20, '[') + std::string(20, ']');
  EXPECT_TRUE(
      fails_with(parse_ear(changed("/other", Json::parse(deep))), ErrorCode::limit_exceeded));
}

TEST(EarJson, ShowsTextThatIsNotUtf8) {
  AttestationResult result = expected();
  result.findings = {{"sm_hash", "waived", "caf\xe9"}};
  EXPECT_EQ(parse_ear(to_json(result, EarForm::deployed))->findings.front().reason,
            "caf\xef\xbf\xbd");
}

}  // namespace
}  // namespace keystone
