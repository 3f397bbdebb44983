// SPDX-License-Identifier: Apache-2.0
// Every vector again: what explain() says of an enclave is all that is hashed of it.
#include "explain_support.hpp"
#include "keystone/base/number.hpp"
#include "keystone/testing/input_spec.hpp"

#include <gtest/gtest.h>

namespace keystone::explain_vectors_test {
namespace {

using namespace keystone::testing;
using nlohmann::json;

std::string text(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

std::uint64_t number(const json& value) {
  return parse_unsigned("vector", value.get<std::string>()).value();
}

// The explanation of these files, with pages, if there is one and it is complete.
void expect_complete(const Result<Explanation>& explanation, const Files& files,
                     const std::string& hash) {
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_EQ(explanation->measurement.hash.hex(), hash);
  EXPECT_EQ(hash_by_files(*explanation, files), hash);
  std::size_t page = 0;
  for (std::size_t i = 0; i < explanation->ranges.size(); ++i) {
    const MeasuredRange& range = explanation->ranges[i];
    EXPECT_LE(range.zeros_before + range.file_bytes, range.size);
    EXPECT_EQ(range.zeros == Zeros::none, range.file_bytes == range.size);
    for (std::uint64_t at = 0; at < range.size; at += kPageSize) {
      ASSERT_LT(page, explanation->pages.size());
      EXPECT_EQ(explanation->pages[page].address, range.address + at);
      EXPECT_EQ(explanation->pages[page].range, i);
      ++page;
    }
  }
  EXPECT_EQ(page, explanation->pages.size());
}

TEST(ExplainVectors, TellAllThatIsHashedInTheLoaderScheme) {
  const json file = read_vector_json("measurement-loader.json");
  ASSERT_EQ(file.at("cases").size(), 27U);
  for (const json& vector : file.at("cases")) {
    SCOPED_TRACE(text(vector, "name"));
    require_keys(vector, {"name", "eapp", "runtime", "loader", "rv64", "rv32"});
    const Files files{expand_input(text(vector, "eapp")), expand_input(text(vector, "runtime")),
                      expand_input(text(vector, "loader"))};
    expect_complete(explain_files(files, Profile::keystone_loader_rv64, kWithPages), files,
                    text(vector, "rv64"));
    expect_complete(explain_files(files, Profile::keystone_loader_rv32, kWithPages), files,
                    text(vector, "rv32"));
  }
}

TEST(ExplainVectors, TellAllThatIsHashedOfTheRustSdk) {
  const json file = read_vector_json("rust-sdk-0.3/vectors.json");
  ASSERT_EQ(file.at("cases").size(), 14U);
  for (const json& vector : file.at("cases")) {
    SCOPED_TRACE(text(vector, "name"));
    const auto read = [&](const char* key) {
      return read_vector_file("rust-sdk-0.3/in/" + text(vector, key));
    };
    const Files files{read("eapp"), read("runtime"), read("loader_elf")};
    const auto explanation = explain_files(files, Profile::rust_sdk_0_3, kWithPages);
    if (vector.at("error").is_null()) {
      expect_complete(explanation, files, text(vector, "hash"));
    } else {
      EXPECT_TRUE(fails_with(explanation, ErrorCode::malformed));
    }
  }
}

PageWalkParameters parameters_of(Profile profile, const json& params) {
  PageWalkParameters parameters = default_parameters(profile);
  for (const auto& [key, value] : params.items()) {
    if (key == "user_entry") {
      parameters.user_entry = number(value);
      continue;
    }
    const std::map<std::string, std::uint64_t PageWalkParameters::*> fields = {
        {"untrusted_size", &PageWalkParameters::untrusted_size},
        {"untrusted_ptr", &PageWalkParameters::untrusted_ptr},
        {"stack_size", &PageWalkParameters::stack_size},
        {"freemem", &PageWalkParameters::freemem},
        {"runtime_stack", &PageWalkParameters::runtime_stack}};
    parameters.*fields.at(key) = number(value);
  }
  return parameters;
}

TEST(ExplainVectors, TellAllThatIsHashedInThePageWalk) {
  const json vectors = read_vector_json("pagewalk/vectors.json");
  ASSERT_GE(vectors.at("cases").size(), 281U);
  int explained = 0;
  for (const json& test : vectors.at("cases")) {
    SCOPED_TRACE(test.dump());
    require_keys(test, {"profile", "upstream_version", "description", "eapp", "runtime", "params",
                        "expected_hash", "expected_error"});
    const Files files = walk_files(text(test, "eapp"), text(test, "runtime"));
    const Profile profile = profile_from_name(text(test, "profile")).value();
    const auto explanation =
        explain_files(files, profile, parameters_of(profile, test.at("params")), kWithPages);
    if (test.at("expected_error").is_null()) {
      expect_complete(explanation, files, text(test, "expected_hash"));
      ++explained;
    } else {
      EXPECT_FALSE(explanation.has_value());
    }
  }
  EXPECT_GE(explained, 120);
}

}  // namespace
}  // namespace keystone::explain_vectors_test
