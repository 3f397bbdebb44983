// SPDX-License-Identifier: Apache-2.0
#include "diagnose_support.hpp"

#include <gtest/gtest.h>

namespace keystone::diagnose_test {
namespace {

using namespace keystone::testing;

// The hash of an enclave that was measured with other parameters than the defaults.
template <class Change>
EnclaveHash walk_hash(const Files& files, Profile profile, Change change) {
  PageWalkParameters parameters = default_parameters(profile);
  change(parameters);
  return explain_files(files, profile, parameters).value().measurement.hash;
}

// The expected hash of the page-walk vector with these files and parameters.
EnclaveHash vector_hash(const std::string& profile, const std::string& eapp,
                        const std::string& runtime, const std::string& params) {
  const auto vectors = read_vector_json("pagewalk/vectors.json");
  for (const auto& test : vectors.at("cases")) {
    if (test.at("profile") == profile && test.at("eapp") == eapp && test.at("runtime") == runtime &&
        test.at("params").dump() == params) {
      return enclave_hash(test.at("expected_hash").get<std::string>());
    }
  }
  ADD_FAILURE() << "there is no such vector";
  return unknown_hash();
}

Files multi() {
  return walk_files("e_multi", "rt_multi");
}

TEST(DiagnoseEnclave, NamesEachProfileWithItsDefaults) {
  const Files files = bundled("rv64");
  const Files files32 = bundled("rv32");
  const auto seen = [](const Files& with, Profile profile) {
    return explain_files(with, profile).value().measurement.hash;
  };
  EXPECT_EQ(match_of(files, seen(files, Profile::keystone_loader_rv64)),
            "keystone-loader-rv64 |  | --profile keystone-loader-rv64");
  EXPECT_EQ(match_of(files, seen(files, Profile::keystone_loader_rv32)),
            "keystone-loader-rv32 |  | --profile keystone-loader-rv32");
  EXPECT_EQ(match_of(files, seen(files, Profile::rust_sdk_0_3)),
            "rust-sdk-0.3 |  | --profile rust-sdk-0.3");
  EXPECT_EQ(match_of(files, seen(files, Profile::keystone_v1)),
            "keystone-v1 |  | --profile keystone-v1");
  EXPECT_EQ(match_of(files32, seen(files32, Profile::keystone_v1_rv32)),
            "keystone-v1-rv32 |  | --profile keystone-v1-rv32");
}

TEST(DiagnoseEnclave, NamesTheReleaseWhereSegmentsShareAPage) {
  const Files files = walk_files("e_unalign", "rt_share");
  EXPECT_EQ(match_of(files, vector_hash("pagewalk-v0.3", "e_unalign", "rt_share", "{}")),
            "pagewalk-v0.3 |  | --profile pagewalk-v0.3");
}

TEST(DiagnoseEnclave, TakesTheEntryOfTheFileWhereTheHostIsToldOne) {
  const std::string entry = R"({"user_entry":"0x10000"})";
  const Files files = walk_files("e_bss", "rt_multi");
  EXPECT_EQ(match_of(files, vector_hash("pagewalk-v0.2", "e_bss", "rt_multi", entry)),
            "pagewalk-v0.2 |  | --profile pagewalk-v0.2 --user-entry 0x10000");
  EXPECT_EQ(match_of(files, vector_hash("pagewalk-v0.1", "e_bss", "rt_multi", entry)),
            "pagewalk-v0.1 |  | --profile pagewalk-v0.1 --user-entry 0x10000");
}

TEST(DiagnoseEnclave, NamesAnEntryThatWasNeverSet) {
  const Files files = walk_files("e_bss", "rt_multi");
  const auto seen =
      walk_hash(files, Profile::pagewalk_v0_1, [](PageWalkParameters& p) { p.user_entry = 0; });
  EXPECT_EQ(match_of(files, seen),
            "pagewalk-v0.1 | user entry 0 | --profile pagewalk-v0.1 --user-entry 0x0");
}

TEST(DiagnoseEnclave, NamesALoaderThatWasMeasuredAsAnElfFile) {
  const Files files = bundled("rv64");
  const Bytes stream =
      loader_stream(8, padded(files.loader), padded(files.runtime), padded(files.eapp));
  EXPECT_EQ(match_of(files, enclave_hash(independent_sha3_512(stream))),
            "keystone-loader-rv64 | the loader as a raw file | "
            "--profile keystone-loader-rv64 --loader-raw");
}

TEST(DiagnoseEnclave, NamesAnotherStackSize) {
  EXPECT_EQ(match_of(multi(), vector_hash("keystone-v1", "e_multi", "rt_multi",
                                          R"({"stack_size":"0x100000"})")),
            "keystone-v1 | stack size 1048576 | --profile keystone-v1 --stack-size 1048576");
  const auto seen =
      walk_hash(multi(), Profile::keystone_v1, [](PageWalkParameters& p) { p.stack_size = 0; });
  EXPECT_EQ(match_of(multi(), seen),
            "keystone-v1 | stack size 0 | --profile keystone-v1 --stack-size 0");
}

TEST(DiagnoseEnclave, NamesOtherStacksOfOldHosts) {
  const auto seen = walk_hash(multi(), Profile::pagewalk_v0_1, [](PageWalkParameters& p) {
    p.stack_size = 65536;
    p.runtime_stack = 65536;
    p.user_entry = 0x10000;
  });
  EXPECT_EQ(match_of(multi(), seen),
            "pagewalk-v0.1 | stack size and runtime stack 65536 | --profile pagewalk-v0.1 "
            "--stack-size 65536 --runtime-stack 65536 --user-entry 0x10000");
}

TEST(DiagnoseEnclave, NamesAnotherUntrustedSize) {
  EXPECT_EQ(match_of(multi(), vector_hash("pagewalk-v0.3", "e_multi", "rt_multi",
                                          R"({"untrusted_size":"0x100000"})")),
            "keystone-v1 | untrusted size 1048576 | "
            "--profile keystone-v1 --untrusted-size 1048576");
}

TEST(DiagnoseEnclave, NamesStackAndUntrustedSizeTogether) {
  const Files files = bundled("rv32");
  const auto seen = walk_hash(files, Profile::keystone_v1_rv32, [](PageWalkParameters& p) {
    p.stack_size = 0;
    p.untrusted_size = 65536;
  });
  EXPECT_EQ(match_of(files, seen),
            "keystone-v1-rv32 | stack size 0, untrusted size 65536 | "
            "--profile keystone-v1-rv32 --stack-size 0 --untrusted-size 65536");
}

TEST(DiagnoseEnclave, NamesSwappedFiles) {
  const Files files = bundled("rv64");
  const Bytes text(files.loader.begin() + 0x1000, files.loader.begin() + 0x21e0);
  const Bytes stream = loader_stream(8, padded(text), padded(files.eapp), padded(files.runtime));
  EXPECT_EQ(match_of(files, enclave_hash(independent_sha3_512(stream))),
            "keystone-loader-rv64 | eapp and runtime swapped | --profile keystone-loader-rv64");
  const Files walk{multi().runtime, multi().eapp, {}};
  EXPECT_EQ(
      match_of(walk, vector_hash("keystone-v1", "e_multi", "rt_multi", R"({"freemem":"0x1"})")),
      "keystone-v1 | eapp and runtime swapped | --profile keystone-v1");
}

}  // namespace
}  // namespace keystone::diagnose_test
