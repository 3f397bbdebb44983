// SPDX-License-Identifier: Apache-2.0
#include "diagnose_ways.hpp"

#include "explain_support.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

namespace keystone::diagnose_ways_test {
namespace {

using namespace keystone::testing;

// What the options of a page-walk profile say, read back.
PageWalkParameters parameters_in(const std::string& options, Profile profile) {
  PageWalkParameters parameters = default_parameters(profile);
  std::istringstream words(options);
  std::string option;
  std::string value;
  while (words >> option >> value) {
    if (option == "--profile") {
      EXPECT_EQ(value, info(profile).name);
      continue;
    }
    const std::uint64_t number = parse_unsigned(option, value).value();
    if (option == "--stack-size") {
      parameters.stack_size = number;
    } else if (option == "--runtime-stack") {
      parameters.runtime_stack = number;
    } else if (option == "--untrusted-size") {
      parameters.untrusted_size = number;
    } else if (option == "--user-entry") {
      parameters.user_entry = number;
    } else {
      ADD_FAILURE() << "unknown option " << option;
    }
  }
  return parameters;
}

TEST(EnclaveWays, SayTheirParametersAsOptions) {
  const Files files = bundled("rv64");
  const ArraySource eapp(files.eapp);
  const ArraySource runtime(files.runtime);
  const auto ways = enclave_ways({eapp, runtime});
  EXPECT_GT(ways.size(), 400U);
  for (const EnclaveWay& way : ways) {
    const PageWalkParameters said = parameters_in(way.attempt.options, way.profile);
    EXPECT_EQ(said.stack_size, way.parameters.stack_size);
    EXPECT_EQ(said.runtime_stack, way.parameters.runtime_stack);
    EXPECT_EQ(said.untrusted_size, way.parameters.untrusted_size);
    EXPECT_EQ(said.untrusted_ptr, way.parameters.untrusted_ptr);
    EXPECT_EQ(said.runtime_entry, way.parameters.runtime_entry);
    EXPECT_EQ(said.user_entry, way.parameters.user_entry);
  }
}

TEST(EnclaveWays, AreNoneWithALoaderWithoutALoader) {
  const Files files = bundled("rv64");
  const ArraySource eapp(files.eapp);
  const ArraySource runtime(files.runtime);
  for (const EnclaveWay& way : enclave_ways({eapp, runtime})) {
    EXPECT_EQ(info(way.profile).scheme, Scheme::page_walk);
  }
}

TEST(EnclaveWays, AreAllDifferent) {
  const Files files = bundled("rv64");
  const ArraySource eapp(files.eapp);
  const ArraySource runtime(files.runtime);
  const ArraySource loader(files.loader);
  std::vector<std::string> names;
  for (const EnclaveWay& way : enclave_ways({eapp, runtime, &loader})) {
    std::string name = way.attempt.options + (way.swapped ? " swapped" : "");
    if (way.stripped) {
      const auto& [mode, with_eapp, with_runtime, with_loader] = *way.stripped;
      name += mode == Strip::all ? " all" : " debug";
      name +=
          std::to_string(with_eapp) + std::to_string(with_runtime) + std::to_string(with_loader);
    }
    names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace keystone::diagnose_ways_test
