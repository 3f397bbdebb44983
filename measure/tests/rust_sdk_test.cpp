// SPDX-License-Identifier: Apache-2.0
#include "elf_builder.hpp"
#include "keystone/measure/enclave.hpp"
#include "support.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::rust_sdk_test {
namespace {

using namespace keystone::testing;

constexpr auto kRust = Profile::rust_sdk_0_3;

// Three programs that the SDK takes, to be damaged one by one.
struct Programs {
  ElfSpec eapp = plain_program(noise("eapp", 700));
  ElfSpec runtime = plain_program(noise("runtime", 5000));
  ElfSpec loader = plain_program(noise("loader", 100));

  [[nodiscard]] Files files() const {
    return {build_elf(eapp), build_elf(runtime), build_elf(loader)};
  }
};

constexpr std::pair<std::string_view, ElfSpec Programs::*> kRoles[] = {
    {"eapp: ", &Programs::eapp},
    {"runtime: ", &Programs::runtime},
    {"loader: ", &Programs::loader}};

// The hash when the loader's memory is `loader`.
std::string expected(const Bytes& loader, const Files& files) {
  const Bytes stack(16384);
  return independent_sha3_512(
      loader_stream(8, loader, padded(files.runtime), concat({padded(files.eapp), stack})));
}

// Whether laying out fails because of `culprit`, for each of the three when `damage` is done to it.
template <class Damage>
void expect_each_refused(Damage damage, std::string_view culprit) {
  for (const auto& [role, program] : kRoles) {
    SCOPED_TRACE(role);
    Programs programs;
    damage(programs.*program);
    const auto hash = programs.files().hash(kRust);
    EXPECT_TRUE(fails_with(hash, ErrorCode::malformed, role));
    EXPECT_TRUE(fails_with(hash, ErrorCode::malformed, culprit));
  }
}

::testing::AssertionResult loader_refused(const std::vector<SegmentSpec>& segments,
                                          std::string_view culprit) {
  Programs programs;
  programs.loader.segments = segments;
  return fails_with(programs.files().hash(kRust), ErrorCode::malformed, culprit);
}

TEST(RustSdk, HashesSegmentsFilesAndAStack) {
  const Files files = Programs().files();
  EXPECT_EQ(files.hash(kRust), expected(padded(noise("loader", 100)), files));
}

TEST(RustSdk, SaysWhatBecameOfEachInput) {
  const auto image = Programs().files().lay_out_only(kRust);
  ASSERT_TRUE(succeeds(image));
  EXPECT_EQ(image->placed[0].extraction, Extraction::load_segments);
  EXPECT_EQ(image->placed[0].taken, 100U);
  EXPECT_EQ(image->placed[0].measured_size, 4096U);
  EXPECT_EQ(image->placed[1].extraction, Extraction::whole_file);
  EXPECT_EQ(image->placed[2].extraction, Extraction::whole_file);
  EXPECT_EQ(image->placed[2].taken, Programs().files().eapp.size());
  EXPECT_EQ(image->placed[2].measured_size, 4096U + 16384U);
}

TEST(RustSdk, CopiesSegmentsInHeaderOrderWithoutGapsAndBss) {
  const Bytes a = noise("a", 5000);
  const Bytes b = noise("b", 10);
  Programs programs;
  programs.loader.segments = {{.content = a, .vaddr = 0x100000, .memsz = 0x20000},
                              {.content = noise("note", 64), .vaddr = 0x200000, .type = 4},
                              {.content = b, .vaddr = 0x1000}};
  const Files files = programs.files();
  EXPECT_EQ(files.hash(kRust), expected(concat({padded(a), padded(b)}), files));
}

TEST(RustSdk, CopiesSegmentsThatOverlapInMemoryOneAfterTheOther) {
  const Bytes a = noise("a", 5000);
  const Bytes b = noise("b", 5000);
  Programs programs;
  programs.loader.segments = {{.content = a, .vaddr = 0x1000}, {.content = b, .vaddr = 0x2000}};
  const Files files = programs.files();
  EXPECT_EQ(files.hash(kRust), expected(concat({padded(a), padded(b)}), files));
}

TEST(RustSdk, CopiesTheSameBytesTwiceForTwoSegmentsOverThem) {
  Programs programs;
  const Bytes text = noise("loader", 100);
  programs.loader.segments.push_back({.vaddr = 0x1000, .offset = 64 + 2 * 56, .filesz = 100});
  const Files files = programs.files();
  EXPECT_EQ(files.hash(kRust), expected(concat({padded(text), padded(text)}), files));
}

TEST(RustSdk, RefusesAnUnalignedSegment) {
  EXPECT_TRUE(succeeds(Programs().files().hash(kRust)));
  for (const std::uint64_t wrong : {0x1001U, 0x1010U, 0x1800U, 0x1fffU}) {
    EXPECT_TRUE(loader_refused({{.content = {1}}, {.content = {2}, .vaddr = wrong}}, "segment 1"));
  }
}

TEST(RustSdk, AcceptsAnUnalignedSegmentInRuntimeAndEapp) {
  Programs programs;
  programs.runtime.segments.push_back({.content = {1}, .vaddr = 0x1001});
  programs.eapp.segments.push_back({.content = {1}, .vaddr = 0x1001});
  EXPECT_TRUE(succeeds(programs.files().hash(kRust)));
}

TEST(RustSdk, RefusesAnUnalignedLowestAddressInEachFile) {
  expect_each_refused([](ElfSpec& program) { program.segments[0].vaddr = 0x1001; },
                      "lowest mapped address");
  expect_each_refused(
      [](ElfSpec& program) {
        program.segments = {{.content = {1}, .vaddr = 0x2000},
                            {.content = {1}, .vaddr = 0x1004, .type = 4}};
      },
      "lowest mapped address");
}

TEST(RustSdk, IgnoresTheAddressOfASegmentThatIsNotMapped) {
  Programs programs;
  programs.loader.segments[0].vaddr = 0x1000;
  programs.loader.segments.push_back({.content = {1}, .vaddr = 1, .type = 0x70000003, .memsz = 0});
  EXPECT_TRUE(succeeds(programs.files().hash(kRust)));
}

TEST(RustSdk, RefusesEachFileWithoutSegments) {
  expect_each_refused([](ElfSpec& program) { program.segments.clear(); }, "no segment is mapped");
}

TEST(RustSdk, RefusesEachFileWithoutText) {
  expect_each_refused([](ElfSpec& program) { program.sections[0].name = ".data"; }, ".text");
  expect_each_refused([](ElfSpec& program) { program.sections[0].size = 0; }, ".text");
  expect_each_refused([](ElfSpec& program) { program.shstrndx = 0; }, ".text");
}

TEST(RustSdk, RefusesASegmentOutsideTheFile) {
  const std::uint64_t size = Programs().files().loader.size();
  for (const std::uint64_t wrong : {size - 99, size, size + 1, UINT64_MAX, UINT64_MAX - 99}) {
    EXPECT_TRUE(loader_refused({{.offset = wrong, .filesz = 100}}, "segment 0"));
  }
  EXPECT_TRUE(loader_refused({{.filesz = UINT64_MAX, .memsz = 1}}, "segment 0"));
}

TEST(RustSdk, RefusesASegmentThatWraps) {
  const std::uint64_t last_page = UINT64_MAX - 4095;
  const SegmentSpec low{.content = {1}};
  EXPECT_TRUE(loader_refused({low, {.content = Bytes(4097), .vaddr = last_page}}, "wraps"));
  Programs programs;
  programs.loader.segments = {low, {.content = Bytes(4095), .vaddr = last_page}};
  EXPECT_TRUE(succeeds(programs.files().hash(kRust)));
}

TEST(RustSdk, RefusesProgramsOfWhichAPartIsMissing) {
  expect_each_refused([](ElfSpec& program) { program.segments[0].filesz = 1000000; },
                      "reach beyond the file");
}

TEST(RustSdk, LooksAtTheLastOfSeveralTextSections) {
  Programs programs;
  programs.runtime.sections.push_back({.name = ".text"});
  EXPECT_TRUE(
      fails_with(programs.files().hash(kRust), ErrorCode::malformed, "runtime: no section"));
}

TEST(RustSdk, RefusesFilesThatAreNotElf) {
  for (Bytes Files::*const file : {&Files::eapp, &Files::runtime, &Files::loader}) {
    for (const Bytes& wrong : {Bytes{}, Bytes{1, 2, 3}, noise("flat", 5000)}) {
      Files files = Programs().files();
      files.*file = wrong;
      EXPECT_TRUE(fails_with(files.hash(kRust), ErrorCode::malformed, "not an ELF file"));
    }
  }
}

// 4 GiB made of a megabyte: the work must not grow without bound with a small file.
TEST(RustSdk, BoundsWhatSegmentsThatShareBytesComeTo) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;
  Programs programs;
  SegmentSpec shared = programs.loader.segments[0];
  shared.content = Bytes(kMebibyte);
  programs.loader.segments = {shared};
  SegmentSpec again{.offset = 0, .filesz = kMebibyte};
  programs.loader.segments.insert(programs.loader.segments.end(), 4096, again);
  EXPECT_TRUE(fails_with(programs.files().lay_out_only(kRust), ErrorCode::limit_exceeded,
                         "loader: segments"));
  programs.loader.segments.pop_back();
  EXPECT_TRUE(succeeds(programs.files().lay_out_only(kRust)));
}

TEST(RustSdk, HasNoRawLoader) {
  Files files = Programs().files();
  files.loader_raw = true;
  EXPECT_TRUE(fails_with(files.hash(kRust), ErrorCode::usage, "loader-raw"));
}

TEST(RustSdk, WarnsOfAProgramOfTheOtherClass) {
  Programs programs;
  programs.eapp.elf_class = ElfClass::elf32;
  const auto image = programs.files().lay_out_only(kRust);
  ASSERT_TRUE(succeeds(image));
  ASSERT_EQ(image->warnings.size(), 1U);
  EXPECT_TRUE(image->warnings[0].starts_with("eapp: a 32-bit program"));
}

}  // namespace
}  // namespace keystone::rust_sdk_test
