// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/enclave.hpp"

#include "elf_builder.hpp"
#include "support.hpp"

#include <string>

#include <gtest/gtest.h>

namespace keystone::enclave_test {
namespace {

using namespace keystone::testing;

constexpr auto kRv64 = Profile::keystone_loader_rv64;
constexpr auto kRv32 = Profile::keystone_loader_rv32;

Files some_files() {
  return {noise("eapp", 5000), noise("runtime", 8192), noise("loader", 100)};
}

std::string expected(std::size_t width, const Files& files) {
  return independent_sha3_512(
      loader_stream(width, padded(files.loader), padded(files.runtime), padded(files.eapp)));
}

// The hash of files that can be measured.
std::string hash_of(const Files& files, Profile profile = kRv64) {
  const auto hash = files.hash(profile);
  EXPECT_TRUE(succeeds(hash));
  return hash.value_or("none");
}

Files with_loader(const ElfSpec& loader) {
  Files files = some_files();
  files.loader = build_elf(loader);
  return files;
}

::testing::AssertionResult loader_refused(const ElfSpec& loader, std::string_view culprit) {
  const Files files = with_loader(loader);
  const auto hash = files.hash(kRv64);
  if (!hash && !hash.error().message.starts_with("loader: ")) {
    return ::testing::AssertionFailure() << hash.error().message << " does not name the input";
  }
  return fails_with(hash, ErrorCode::malformed, culprit);
}

TEST(Enclave, HashesSizesAndPaddedFilesWithEightByteWordsOnRv64) {
  EXPECT_EQ(some_files().hash(kRv64), expected(8, some_files()));
}

TEST(Enclave, HashesSizesAndPaddedFilesWithFourByteWordsOnRv32) {
  EXPECT_EQ(some_files().hash(kRv32), expected(4, some_files()));
}

TEST(Enclave, IsMeasuredAsEmptyRegionsWhenItsFilesAreEmpty) {
  EXPECT_EQ(Files().hash(kRv64), independent_sha3_512(Bytes(24)));
  EXPECT_EQ(Files().hash(kRv32), independent_sha3_512(Bytes(12)));
}

TEST(Enclave, SaysWhatBecameOfEachInput) {
  const auto image = some_files().lay_out_only(kRv64);
  ASSERT_TRUE(succeeds(image));
  const struct {
    std::string_view role;
    std::uint64_t taken, measured;
  } want[] = {{"loader", 100, 4096}, {"runtime", 8192, 8192}, {"eapp", 5000, 8192}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(image->placed[i].role, want[i].role);
    EXPECT_EQ(image->placed[i].extraction, Extraction::whole_file);
    EXPECT_EQ(image->placed[i].taken, want[i].taken);
    EXPECT_EQ(image->placed[i].measured_size, want[i].measured);
  }
  EXPECT_EQ(image->profile, kRv64);
  EXPECT_EQ(image->window.runtime_base - image->window.dram_base, 4096U);
  EXPECT_EQ(image->window.user_base - image->window.runtime_base, 8192U);
  EXPECT_EQ(image->window.free_base - image->window.user_base, 8192U);
}

TEST(Enclave, HasTheSameHashWithZerosAddedUpToThePage) {
  for (Bytes Files::*const file : {&Files::eapp, &Files::loader}) {
    Files longer = some_files();
    (longer.*file).push_back(0);
    EXPECT_EQ(hash_of(longer), hash_of(some_files()));
    longer.*file = padded(longer.*file);
    EXPECT_EQ(hash_of(longer), hash_of(some_files()));
    (longer.*file).push_back(0);
    EXPECT_NE(hash_of(longer), hash_of(some_files()));
  }
}

TEST(Enclave, HasAnotherHashWhenAFullPageGrowsByAZero) {
  Files longer = some_files();
  longer.runtime.push_back(0);
  EXPECT_NE(hash_of(longer), hash_of(some_files()));
}

TEST(Enclave, HasAnotherHashWhenAPageMovesToTheNextFile) {
  const Bytes page = noise("page", 4096);
  const Files before{page, concat({page, page}), page};
  const Files after{concat({page, page}), page, page};
  EXPECT_NE(hash_of(before), hash_of(after));
}

TEST(Enclave, HasAnotherHashWhenFilesAreSwapped) {
  Files swapped = some_files();
  std::swap(swapped.eapp, swapped.runtime);
  EXPECT_NE(hash_of(swapped), hash_of(some_files()));
}

TEST(Enclave, HasTheSameHashWhenItIsMeasuredAgain) {
  const Files files = some_files();
  const ArraySource eapp(files.eapp);
  const ArraySource runtime(files.runtime);
  const ArraySource loader(files.loader);
  const auto image = lay_out({eapp, runtime, loader}, kRv64);
  ASSERT_TRUE(succeeds(image));
  const auto first = measure(*image);
  const auto second = measure(*image);
  ASSERT_TRUE(succeeds(first));
  ASSERT_TRUE(succeeds(second));
  EXPECT_EQ(first->hash, second->hash);
  EXPECT_EQ(first->profile, kRv64);
}

TEST(Enclave, HasOneHashForTheBundledLoaderAsElfAndAsBin) {
  for (const auto& [machine, profile] : {std::pair("rv64", kRv64), std::pair("rv32", kRv32)}) {
    SCOPED_TRACE(machine);
    const std::string folder = std::string("bundled/") + machine + "/";
    Files files{read_vector_file(folder + "eapp.elf"), read_vector_file(folder + "runtime.elf"),
                read_vector_file(folder + "loader.bin")};
    const std::string from_bin = hash_of(files, profile);
    EXPECT_EQ(from_bin, expected(size_of(info(profile).word), files));
    files.loader = read_vector_file(folder + "loader.elf");
    EXPECT_EQ(files.hash(profile), from_bin);
    const auto image = files.lay_out_only(profile);
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(image->placed[0].extraction, Extraction::text_section);
    EXPECT_EQ(image->placed[1].extraction, Extraction::whole_file);
    EXPECT_EQ(image->placed[2].extraction, Extraction::whole_file);
    EXPECT_TRUE(image->warnings.empty());
  }
}

TEST(Enclave, TakesALoaderElfAsItIsWhenToldSo) {
  Files files = with_loader(plain_program(noise("text", 6000)));
  files.loader_raw = true;
  EXPECT_EQ(files.hash(kRv64), expected(8, files));
  const auto image = files.lay_out_only(kRv64);
  ASSERT_TRUE(succeeds(image));
  EXPECT_EQ(image->placed[0].extraction, Extraction::whole_file);
  files.loader_raw = false;
  EXPECT_NE(hash_of(files), expected(8, files));
}

TEST(Enclave, TakesABrokenLoaderElfAsItIsWhenToldSo) {
  Files files = some_files();
  files.loader = {0x7f, 'E', 'L', 'F', 9, 9, 9};
  EXPECT_TRUE(fails_with(files.hash(kRv64), ErrorCode::malformed, "ELF header"));
  files.loader_raw = true;
  EXPECT_EQ(files.hash(kRv64), expected(8, files));
}

TEST(Enclave, TakesTheTextSectionWhereverItStands) {
  const Bytes text = noise("text", 5000);
  const ElfSpec loader{.segments = {{.content = noise("segment", 300)}},
                       .sections = {{.name = ".text.init", .content = {1}},
                                    {.name = ".tex", .content = {2}},
                                    {.name = ".text", .content = text},
                                    {.name = "text", .content = {3}}}};
  Files flat = some_files();
  flat.loader = text;
  EXPECT_EQ(with_loader(loader).hash(kRv64), expected(8, flat));
}

TEST(Enclave, RefusesALoaderElfWithoutText) {
  ElfSpec loader = plain_program({1});
  loader.sections[0].name = ".text.init";
  EXPECT_TRUE(loader_refused(loader, ".text"));
  loader = plain_program({1});
  loader.sections.clear();
  EXPECT_TRUE(loader_refused(loader, ".text"));
  loader = plain_program({1});
  loader.shstrndx = 0;
  EXPECT_TRUE(loader_refused(loader, ".text"));
}

TEST(Enclave, RefusesALoaderElfWithTwoTexts) {
  ElfSpec loader = plain_program({1});
  loader.sections.push_back({.name = ".data", .content = {2}});
  EXPECT_TRUE(succeeds(with_loader(loader).hash(kRv64)));
  loader.sections.push_back(loader.sections[0]);
  EXPECT_TRUE(loader_refused(loader, "more than one section .text"));
}

TEST(Enclave, RefusesALoaderElfWithAnEmptyText) {
  ElfSpec loader = plain_program({1});
  loader.sections[0].size = 0;
  EXPECT_TRUE(loader_refused(loader, "no bytes"));
}

TEST(Enclave, RefusesALoaderElfWhoseTextIsNotInTheFile) {
  ElfSpec loader = plain_program({1});
  loader.sections[0].type = kSectionNoBits;
  EXPECT_TRUE(loader_refused(loader, "no bytes"));
}

TEST(Enclave, RefusesALoaderElfWhoseTextReachesBeyondTheFile) {
  ElfSpec loader = plain_program({1});
  const std::uint64_t size = build_elf(loader).size();
  loader.sections[0].offset = size - 1;
  EXPECT_TRUE(succeeds(with_loader(loader).hash(kRv64)));
  for (const std::uint64_t wrong : {size, size + 1, UINT64_MAX}) {
    loader.sections[0].offset = wrong;
    EXPECT_TRUE(loader_refused(loader, ".text: 1 bytes"));
  }
  loader.sections[0].offset = 2;
  loader.sections[0].size = UINT64_MAX;
  EXPECT_TRUE(loader_refused(loader, ".text: "));
}

}  // namespace
}  // namespace keystone::enclave_test
