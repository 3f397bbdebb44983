// SPDX-License-Identifier: Apache-2.0
// The example with one thing wrong at a time: refused, with the path of that thing.
#include "keystone/testing/fails_with.hpp"
#include "keystone/verifier/policy.hpp"
#include "policy_example.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using testing::fails_with;
using testing::kPolicyExample;
using Json = nlohmann::json;
using Pointer = Json::json_pointer;

Json example() {
  return Json::parse(kPolicyExample);
}

// /devices/0/name -> devices[0].name
std::string shown(const Pointer& pointer) {
  std::string text;
  for (Pointer rest = pointer; !rest.empty(); rest.pop_back()) {
    const std::string& name = rest.back();
    const bool is_index = name.find_first_not_of("0123456789") == std::string::npos;
    const bool is_first = rest.parent_pointer().empty();
    text = (is_index ? "[" + name + "]" : (is_first ? "" : ".") + name) + text;
  }
  return text;
}

// Every place of the document but its root.
void collect(const Json& value, const Pointer& at, std::vector<Pointer>& places) {
  if (!at.empty()) {
    places.push_back(at);
  }
  if (value.is_object()) {
    for (const auto& item : value.items()) {
      collect(item.value(), at / item.key(), places);
    }
  }
  for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
    collect(value[i], at / i, places);
  }
}

std::vector<Pointer> places() {
  std::vector<Pointer> all;
  collect(example(), Pointer(), all);
  return all;
}

Result<Policy> with(const char* pointer, const Json& value) {
  Json document = example();
  document[Pointer(pointer)] = value;
  return Policy::parse(document.dump());
}

TEST(PolicyReject, TheExampleItselfIsTaken) {
  EXPECT_TRUE(Policy::parse(example().dump()));
  EXPECT_EQ(places().size(), 29U);
}

TEST(PolicyReject, RefusesAFileWithoutARequiredField) {
  const std::set<std::string> optional = {"profile", "not_before", "not_after",      "revoked",
                                          "waivers", "max_age_s",  "sm_key_strength"};
  for (const Pointer& place : places()) {
    Json document = example();
    Json& parent = document.at(place.parent_pointer());
    if (parent.is_array()) {
      continue;
    }
    parent.erase(place.back());
    const auto policy = Policy::parse(document.dump());
    if (optional.contains(place.back())) {
      EXPECT_TRUE(policy) << shown(place);
    } else {
      EXPECT_TRUE(fails_with(policy, ErrorCode::malformed, shown(place) + ": missing"));
    }
  }
}

TEST(PolicyReject, RefusesAnUnknownKeyInEveryObject) {
  auto all = places();
  all.emplace_back();
  int objects = 0;
  for (const Pointer& place : all) {
    Json document = example();
    if (document.at(place).is_object()) {
      document.at(place)["surplus"] = "x";
      EXPECT_TRUE(fails_with(Policy::parse(document.dump()), ErrorCode::malformed,
                             shown(place / "surplus") + ": unknown key"));
      ++objects;
    }
  }
  EXPECT_EQ(objects, 8);
}

TEST(PolicyReject, RefusesEveryKeyASecondTime) {
  const std::string text = example().dump();
  for (const Pointer& place : places()) {
    const Json value = example().at(place);
    const std::string member = Json(place.back()).dump() + ":" + value.dump();
    const auto at = text.find(member);
    if (at == std::string::npos) {
      continue;  // an element of a list
    }
    std::string twice = text;
    twice.insert(at, member + ",");
    EXPECT_TRUE(fails_with(Policy::parse(twice), ErrorCode::malformed, {shown(place), "twice"}));
  }
}

TEST(PolicyReject, RefusesAnotherTypeAtEveryPlace) {
  const Json kinds[] = {nullptr, true, 7, -1, 1.5, "", Json::array(), Json::object()};
  for (const Pointer& place : places()) {
    for (const Json& other : kinds) {
      Json document = example();
      const Json& is = document.at(place);
      if (is.type() == other.type() || (is.is_number() && other == 7)) {
        continue;
      }
      document.at(place) = other;
      EXPECT_TRUE(fails_with(Policy::parse(document.dump()), ErrorCode::malformed, shown(place)))
          << other;
    }
  }
}

TEST(PolicyReject, RefusesEveryOtherSchemaWord) {
  for (const char* const word : {"", "keystone.policy", "keystone.policy/2", "keystone.policy/1 ",
                                 "Keystone.policy/1", "keystone.golden/1"}) {
    EXPECT_TRUE(fails_with(with("/schema", word), ErrorCode::malformed, "schema: got '"));
  }
}

TEST(PolicyReject, RefusesAnEmptyList) {
  for (const char* const list : {"devices", "security_monitors", "enclaves"}) {
    const std::string place = std::string("/") + list;
    EXPECT_TRUE(fails_with(with(place.c_str(), Json::array()), ErrorCode::malformed,
                           std::string(list) + ": got an empty list"));
    Json document = example();
    document.at(list) = Json::array();
    EXPECT_TRUE(fails_with(Policy::parse_draft(document.dump()), ErrorCode::malformed, list));
  }
}

TEST(PolicyReject, RefusesANameAKeyOrAHashASecondTime) {
  const Json device = example().at("devices")[0];
  EXPECT_TRUE(fails_with(with("/devices/1/name", "board-7"), ErrorCode::malformed,
                         {"devices[1].name: got 'board-7'", "second time"}));
  EXPECT_TRUE(fails_with(with("/devices/1/key", device.at("key")), ErrorCode::malformed,
                         {"devices[1].key: got 1111", "second time"}));
  for (const std::string list : {"security_monitors", "enclaves"}) {
    Json again = example().at(list)[0];
    again["name"] = "another";
    EXPECT_TRUE(fails_with(with(("/" + list + "/1").c_str(), again), ErrorCode::malformed,
                           {list + "[1].hash: got ", "second time"}));
    again = example().at(list)[0];
    again["hash"] = std::string(128, '5');
    EXPECT_TRUE(fails_with(with(("/" + list + "/1").c_str(), again), ErrorCode::malformed,
                           {list + "[1].name: got '", "second time"}));
  }
}

TEST(PolicyReject, LetsADeviceAndAnEnclaveHaveOneName) {
  EXPECT_TRUE(with("/enclaves/0/name", "board-7"));
}

TEST(PolicyReject, RefusesANameOrReasonThatIsNoLineOfText) {
  for (const auto& [place, most] : {std::pair("/devices/0/name", 128),
                                    {"/security_monitors/0/name", 128},
                                    {"/security_monitors/0/profile", 128},
                                    {"/enclaves/0/name", 128},
                                    {"/devices/1/revoked/reason", 512},
                                    {"/enclaves/0/revoked/reason", 512},
                                    {"/waivers/sm_key_strength", 512}}) {
    const auto size = static_cast<std::size_t>(most);
    EXPECT_TRUE(with(place, std::string(size, 'x')));
    for (const std::string& text : {std::string(), std::string(size + 1, 'x'), std::string("a\nb"),
                                    std::string("\xe2\x80\xae")}) {
      EXPECT_TRUE(fails_with(with(place, text), ErrorCode::malformed,
                             {shown(Pointer(place)) + ": got ", "control characters"}));
    }
  }
}

TEST(PolicyReject, RefusesAKeyOrHashThatIsNotItsDigits) {
  for (const auto& [place, digits] : {std::pair("/devices/0/key", 64),
                                      {"/security_monitors/0/hash", 128},
                                      {"/enclaves/0/hash", 128}}) {
    const auto size = static_cast<std::size_t>(digits);
    for (const std::string& text :
         {std::string(), std::string(size - 1, 'a'), std::string(size + 1, 'a'),
          std::string(size, 'A'), "0x" + std::string(size - 2, 'a')}) {
      EXPECT_TRUE(
          fails_with(with(place, text), ErrorCode::malformed, shown(Pointer(place)) + ": "));
    }
  }
}

TEST(PolicyReject, RefusesWhatIsNoTime) {
  for (const char* const place :
       {"/devices/0/not_before", "/devices/0/not_after", "/devices/1/revoked/at",
        "/security_monitors/0/not_after", "/enclaves/0/not_before", "/enclaves/0/revoked/at"}) {
    for (const char* const text : {"", "2026-02-29T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00",
                                   "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:60Z", "never"}) {
      EXPECT_TRUE(
          fails_with(with(place, text), ErrorCode::malformed, shown(Pointer(place)) + ": got '"));
    }
  }
}

TEST(PolicyReject, RefusesAnEndBeforeTheBeginning) {
  EXPECT_TRUE(with("/devices/0/not_after", "2026-01-01T00:00:00Z"));
  EXPECT_TRUE(fails_with(with("/devices/0/not_after", "2025-12-31T23:59:59Z"), ErrorCode::malformed,
                         "devices[0].not_after: got 2025-12-31T23:59:59Z"));
}

TEST(PolicyReject, RefusesAMaxAgeOutOfRange) {
  EXPECT_TRUE(with("/max_age_s", 1) && with("/max_age_s", 86'400));
  for (const Json& bad : {Json(0), Json(86'401), Json(UINT64_MAX), Json(-1), Json(300.0)}) {
    EXPECT_TRUE(fails_with(with("/max_age_s", bad), ErrorCode::malformed, "max_age_s: got "));
  }
}

TEST(PolicyReject, RefusesToWaiveWhatTrustIsBuiltOn) {
  for (const char* const check :
       {"root_of_trust", "device_key", "sm_signature", "enclave_signature"}) {
    const std::string place = std::string("/waivers/") + check;
    EXPECT_TRUE(fails_with(with(place.c_str(), "a reason"), ErrorCode::malformed,
                           std::string("waivers.") + check + ": this check cannot be waived"));
  }
  EXPECT_TRUE(fails_with(with("/waivers/freshness", "  "), ErrorCode::malformed,
                         "waivers.freshness: got a waiver without a reason"));
}

TEST(PolicyReject, RefusesEveryProperPrefix) {
  const std::string text = example().dump();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(Policy::parse(text.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace keystone
