// SPDX-License-Identifier: Apache-2.0
// What GNU strip makes of files, byte for byte; and what it refuses.
#include "explain_support.hpp"
#include "stripped.hpp"

#include <map>

#include <gtest/gtest.h>

namespace keystone::stripped_vectors_test {
namespace {

using namespace keystone::testing;
using nlohmann::json;

const json& vectors() {
  static const json table = read_vector_json("stripped/vectors.json");
  return table;
}

Strip mode_of(const json& test) {
  return test.at("strip") == "all" ? Strip::all : Strip::debug;
}

Result<Bytes> stripped_file(const json& test) {
  const Bytes file = read_vector_file(test.at("file").get<std::string>());
  return stripped(ArraySource(file), mode_of(test));
}

TEST(StrippedVectors, AreMadeOrRefusedAsByGnuStrip) {
  require_keys(vectors(), {"schema", "source", "generated_by", "notes", "tests"});
  std::map<std::string, int> count;
  for (const json& test : vectors().at("tests")) {
    SCOPED_TRACE(test.at("id").get<std::string>());
    require_keys(test, {"id", "file", "strip", "flags", "result", "size", "sha256"});
    ++count[test.at("result").get<std::string>() + test.at("strip").get<std::string>()];
    const auto made = stripped_file(test);
    if (test.at("result") == "refused") {
      EXPECT_TRUE(fails_with(made, ErrorCode::malformed));
      continue;
    }
    ASSERT_TRUE(succeeds(made));
    EXPECT_EQ(made->size(), test.at("size").get<std::size_t>());
    EXPECT_EQ(independent_sha256(*made), test.at("sha256").get<std::string>());
  }
  EXPECT_GE(count["validall"], 40);
  EXPECT_GE(count["validdebug"], 40);
  EXPECT_GE(count["refusedall"], 30);
  EXPECT_GE(count["refuseddebug"], 30);
}

TEST(StrippedVectors, StayAsTheyAreTheSecondTime) {
  for (const json& test : vectors().at("tests")) {
    if (test.at("result") == "valid") {
      SCOPED_TRACE(test.at("id").get<std::string>());
      const auto once = stripped_file(test);
      ASSERT_TRUE(succeeds(once));
      EXPECT_EQ(stripped(ArraySource(*once), mode_of(test)).value(), *once);
    }
  }
}

TEST(StrippedVectors, AreTheLinkersOwnBytesWhereItHasStripped) {
  for (const json& test : vectors().at("tests")) {
    if (test.at("flags") == json({"Unchanged"})) {
      SCOPED_TRACE(test.at("id").get<std::string>());
      EXPECT_EQ(stripped_file(test), read_vector_file(test.at("file").get<std::string>()));
    }
  }
}

}  // namespace
}  // namespace keystone::stripped_vectors_test
