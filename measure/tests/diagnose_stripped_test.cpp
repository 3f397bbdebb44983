// SPDX-License-Identifier: Apache-2.0
// Enclaves of files that were stripped before they were measured. The stripped bytes are those of
// stripped(), for which test-vectors/stripped/ vouches.
#include "diagnose_stripped.hpp"

#include "diagnose_support.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace keystone::diagnose_stripped_test {
namespace {

using namespace keystone::testing;

constexpr auto kLoader = Profile::keystone_loader_rv64;
constexpr auto kRust = Profile::rust_sdk_0_3;

Bytes strip_bytes(const Bytes& file, Strip mode) {
  return stripped(ArraySource(file), mode).value();
}

// The sample enclave, with a loader whose first segment has the file's headers.
Files enclave() {
  Files files = bundled("rv64");
  ElfSpec loader = plain_program(noise("loader", 100));
  loader.segments = {{.vaddr = 0x1000, .offset = 0, .filesz = 300}};
  loader.sections[0].flags = 2;
  loader.sections[0].offset = 200;
  loader.sections[0].size = 50;
  loader.sections[0].content.clear();
  loader.add_symbols({{.name = "main"}});
  files.loader = build_elf(loader);
  return files;
}

// What diagnose() says of `files` for the hash that the stripped ones have.
std::string match_of_stripped(const Files& files, Profile profile, Strip mode,
                              std::initializer_list<Bytes Files::*> members) {
  Files measured = files;
  for (Bytes Files::*const member : members) {
    measured.*member = strip_bytes(files.*member, mode);
  }
  return match_of(files, enclave_hash(measured.hash(profile).value()));
}

TEST(DiagnoseEnclave, NamesStrippedFiles) {
  const Files files = bundled("rv64");
  const auto match = [&](Strip mode, std::initializer_list<Bytes Files::*> members) {
    return match_of_stripped(files, kLoader, mode, members);
  };
  const std::string options = " | --profile keystone-loader-rv64";
  EXPECT_EQ(match(Strip::all, {&Files::eapp}),
            "keystone-loader-rv64 | the eapp stripped (strip)" + options);
  EXPECT_EQ(match(Strip::all, {&Files::runtime}),
            "keystone-loader-rv64 | the runtime stripped (strip)" + options);
  EXPECT_EQ(match(Strip::all, {&Files::eapp, &Files::runtime}),
            "keystone-loader-rv64 | the eapp and the runtime stripped (strip)" + options);
  EXPECT_EQ(match(Strip::debug, {&Files::eapp, &Files::runtime}),
            "keystone-loader-rv64 | the eapp and the runtime stripped (strip -g)" + options);
}

TEST(DiagnoseEnclave, NamesStrippedFilesOf32BitMachines) {
  EXPECT_EQ(match_of_stripped(bundled("rv32"), Profile::keystone_loader_rv32, Strip::debug,
                              {&Files::runtime}),
            "keystone-loader-rv32 | the runtime stripped (strip -g) | "
            "--profile keystone-loader-rv32");
}

TEST(DiagnoseEnclave, NamesAStrippedLoaderWhereItsHeadersAreMeasured) {
  const std::string start = "rust-sdk-0.3 | the ";
  const std::string end = " | --profile rust-sdk-0.3";
  EXPECT_EQ(match_of_stripped(enclave(), kRust, Strip::all, {&Files::loader}),
            start + "loader stripped (strip)" + end);
  EXPECT_EQ(match_of_stripped(enclave(), kRust, Strip::debug,
                              {&Files::eapp, &Files::runtime, &Files::loader}),
            start + "eapp, the runtime and the loader stripped (strip -g)" + end);
}

TEST(DiagnoseEnclave, DoesNotNameTheUnstrippedFileOfAStrippedOne) {
  const Files files = bundled("rv64");
  Files given = files;
  given.eapp = strip_bytes(files.eapp, Strip::all);
  EXPECT_EQ(match_of(given, enclave_hash(files.hash(kLoader).value())), "none");
}

TEST(DiagnoseEnclave, DoesNotHashFilesAgainThatStripDoesNotChange) {
  Files files{noise("eapp", 100), noise("runtime", 100), noise("loader", 100)};
  const auto without = diagnose(files, unknown_hash());
  files.eapp = read_vector_file("stripped/elf/rv64_stripped_by_linker");
  const auto unchanged = diagnose(files, unknown_hash());
  files.eapp = read_vector_file("stripped/elf/rv64_plain");
  const auto changed = diagnose(files, unknown_hash());
  ASSERT_TRUE(succeeds(without));
  ASSERT_TRUE(succeeds(unchanged));
  ASSERT_TRUE(succeeds(changed));
  EXPECT_EQ(unchanged->attempts, without->attempts);
  EXPECT_EQ(changed->attempts, without->attempts + 4);  // rv64 and rv32, strip and strip -g
}

TEST(StrippedFiles, GiveTheSameSourceForTheSameBytes) {
  const Bytes file = bundled("rv64").eapp;
  const Bytes copy = file;
  const ArraySource source(file);
  const ArraySource other(copy);
  StrippedFiles files;
  const ByteSource* const all = files.of(source, Strip::all).value();
  EXPECT_NE(all, nullptr);
  EXPECT_NE(files.of(source, Strip::debug).value(), all);
  EXPECT_EQ(files.of(source, Strip::all).value(), all);
  EXPECT_EQ(files.of(other, Strip::all).value(), all);
}

TEST(StrippedFiles, AreNoneForWhatCannotBeStripped) {
  const Bytes flat = noise("flat", 100);
  const ArraySource source(flat);
  const SparseSource large(bundled("rv64").eapp, kMaxStripped + 1);
  StrippedFiles files;
  EXPECT_EQ(files.of(source, Strip::all).value(), nullptr);
  EXPECT_EQ(files.of(large, Strip::debug).value(), nullptr);
}

TEST(StrippedFiles, FailWhereTheFileCannotBeRead) {
  const FailingSource source(bundled("rv64").eapp, 2000);
  StrippedFiles files;
  EXPECT_TRUE(
      fails_with(files.of(source, Strip::all), ErrorCode::unreadable, FailingSource::kMessage));
}

}  // namespace
}  // namespace keystone::diagnose_stripped_test
