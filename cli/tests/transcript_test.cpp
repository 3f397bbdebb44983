// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/transcript.hpp"

#include "keystone/measure/diff.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/vectors.hpp"

#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

using Json = nlohmann::ordered_json;
using testing::fails_with;
using testing::succeeds;

ExplainedEnclave bundled(Profile profile, bool pages) {
  const std::string folder = testing::vector_path("bundled/rv64/");
  EnclaveRequest request{folder + "eapp.elf", folder + "runtime.elf", "", profile, false};
  if (info(profile).scheme == Scheme::loader) {
    request.loader = folder + "loader.elf";
  }
  auto enclave = explain_enclave_files(request, {.fingerprint = true}, {pages});
  EXPECT_TRUE(succeeds(enclave));
  return std::move(enclave).value();
}

const Json& transcript() {
  static const Json json = transcript_of(bundled(Profile::keystone_v1, true));
  return json;
}

// What the reader says to a transcript that `change` was done to.
Result<Transcript> read_changed(const std::function<void(Json&)>& change) {
  Json json = transcript();
  change(json);
  return parse_transcript(json.dump());
}

TEST(Transcript, IsReadAsItWasWritten) {
  for (const Profile profile :
       {Profile::keystone_v1, Profile::keystone_loader_rv64, Profile::rust_sdk_0_3}) {
    for (const bool pages : {false, true}) {
      const ExplainedEnclave enclave = bundled(profile, pages);
      const Json json = transcript_of(enclave);
      const auto read = parse_transcript(json.dump());
      ASSERT_TRUE(succeeds(read));
      ExplainedEnclave again{enclave.record, read->explanation};
      EXPECT_EQ(transcript_of(again), json);
      ASSERT_EQ(read->inputs.size(), enclave.record.inputs.size());
      EXPECT_EQ(read->inputs[0].path, enclave.record.inputs[0].path);
      EXPECT_EQ(read->inputs[1].sha256, *enclave.record.inputs[1].sha256);
      EXPECT_TRUE(compare(read->explanation, enclave.explanation).list.empty());
    }
  }
}

TEST(Transcript, HasNoPagesUnlessTheyAreAskedFor) {
  const Json json = transcript_of(bundled(Profile::keystone_v1, false));
  EXPECT_FALSE(json.contains("functions"));
  EXPECT_FALSE(json["ranges"][0].contains("pages"));
  EXPECT_EQ(transcript()["ranges"][0]["pages"].size(), 1U);
}

TEST(TranscriptReader, WantsEveryMemberAndNoOther) {
  std::size_t removed = 0;
  for (const auto& [key, value] : transcript().items()) {
    const bool is_for_people = key == "notes" || key == "warnings" || key == "not_measured";
    EXPECT_EQ(read_changed([&key = key](Json& json) { json.erase(key); }).has_value(),
              is_for_people)
        << key;
    ++removed;
  }
  EXPECT_EQ(removed, 12U);
  EXPECT_TRUE(
      fails_with(read_changed([](Json& json) { json["more"] = 1; }), ErrorCode::malformed, "more"));
  for (const char* place :
       {"/inputs/0", "/words/0", "/ranges/0", "/ranges/0/pages/0", "/functions/0"}) {
    const Json::json_pointer at(place);
    for (const auto& [key, value] : transcript().at(at).items()) {
      const bool is_optional = key == "segment" || key == "symbol";
      EXPECT_EQ(read_changed([&, &name = key](Json& json) { json.at(at).erase(name); }).has_value(),
                is_optional)
          << place << " " << key;
    }
    EXPECT_FALSE(read_changed([&](Json& json) { json.at(at)["more"] = 1; })) << place;
  }
}

TEST(TranscriptReader, RefusesValuesThatNoEnclaveHas) {
  const std::vector<std::pair<const char*, Json>> wrong = {
      {"/schema", "keystone.explain/2"},
      {"/profile", "keystone-v9"},
      {"/hash_algorithm", "sha256"},
      {"/hash", "00"},
      {"/inputs/0/role", "stack"},
      {"/inputs/0/sha256", std::string(63, 'a')},
      {"/inputs/0/size", -1},
      {"/words/0/name", "user_entry"},
      {"/words/0/value", "010"},
      {"/words/0/value", 16},
      {"/ranges/0/address", "0x10001"},
      {"/ranges/0/address", "0xffffffffffffffff1"},
      {"/ranges/0/size", 0},
      {"/ranges/0/size", 4097},
      {"/ranges/0/size", 8192},  // has one page
      {"/ranges/0/size", 1099511627776},
      {"/ranges/0/role", "heap"},
      {"/ranges/0/address_is_measured", 1},
      {"/ranges/0/zeros_before", 4097},
      {"/ranges/0/file_bytes", 4097},
      {"/ranges/0/segment", 65536},
      {"/ranges/0/zeros", "some"},
      {"/ranges/0/sections", nullptr},
      {"/ranges/0/pages", Json::array()},
      {"/ranges/0/pages/0/sha256", ""},
      {"/functions/0/role", "untrusted"},
      {"/functions/0/size", 1.5},
      {"/functions_left_out", "0"},
  };
  for (const auto& [place, value] : wrong) {
    const auto read = read_changed(
        [at = Json::json_pointer(place), &value = value](Json& json) { json.at(at) = value; });
    EXPECT_FALSE(read) << place << " " << value;
  }
}

TEST(TranscriptReader, RefusesARangeThatEndsBeyondTheAddressSpace) {
  EXPECT_TRUE(fails_with(
      read_changed([](Json& json) { json["ranges"].back()["address"] = "0xfffffffffffff000"; }),
      ErrorCode::malformed, "ranges[6].size"));
}

TEST(TranscriptReader, RefusesPagesInSomeRangesOnly) {
  EXPECT_FALSE(read_changed([](Json& json) { json["ranges"][1].erase("pages"); }));
  EXPECT_FALSE(read_changed([](Json& json) {
    for (auto& range : json["ranges"]) {
      range.erase("pages");  // functions, without pages
    }
  }));
  EXPECT_FALSE(read_changed([](Json& json) { json["ranges"][0].erase("pages"); }));
}

TEST(TranscriptReader, RefusesMoreMemoryThanAnEnclaveCanMap) {
  const auto read = read_changed([](Json& json) {
    Json& ranges = json["ranges"];
    json.erase("functions");
    json.erase("functions_left_out");
    ranges[0].erase("pages");
    ranges[0]["size"] = std::uint64_t{1} << 39U;
    ranges = Json::array({ranges[0], ranges[0]});
  });
  EXPECT_TRUE(fails_with(read, ErrorCode::malformed, "ranges[1].size"));
}

TEST(TranscriptReader, RefusesMoreTextThanItsLimit) {
  EXPECT_TRUE(fails_with(parse_transcript(std::string(kMaxTranscript + 1, ' ')),
                         ErrorCode::limit_exceeded));
}

}  // namespace
}  // namespace keystone::cli
