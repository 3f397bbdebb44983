// SPDX-License-Identifier: Apache-2.0
// What does not fit, what cannot be read, and what is only warned of.
#include "elf_builder.hpp"
#include "keystone/measure/enclave.hpp"
#include "support.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::enclave_limits_test {
namespace {

using namespace keystone::testing;

constexpr auto kRv64 = Profile::keystone_loader_rv64;
constexpr auto kRv32 = Profile::keystone_loader_rv32;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;

// Lays out three files of these sizes that nobody stores; at most their headers may be read.
Result<EnclaveImage> lay_out_sizes(std::uint64_t eapp_size, std::uint64_t runtime_size,
                                   std::uint64_t loader_size, Profile profile) {
  const SparseSource eapp({}, eapp_size);
  const SparseSource runtime({}, runtime_size);
  const SparseSource loader({}, loader_size);
  auto image = lay_out({eapp, runtime, loader}, profile);
  EXPECT_LT(eapp.bytes_read() + runtime.bytes_read() + loader.bytes_read(), 100U);
  return image;
}

TEST(EnclaveLimits, AnRv32EnclaveOf4GiBIsRefusedBeforeItIsRead) {
  EXPECT_TRUE(fails_with(lay_out_sizes(4 * kGiB, 0, 0, kRv32), ErrorCode::malformed, "eapp: "));
  EXPECT_TRUE(fails_with(lay_out_sizes(0, 4 * kGiB, 0, kRv32), ErrorCode::malformed, "runtime: "));
  EXPECT_TRUE(fails_with(lay_out_sizes(0, 0, 4 * kGiB, kRv32), ErrorCode::malformed, "loader: "));
}

TEST(EnclaveLimits, TheSizesOfAnRv32EnclaveCountTogether) {
  EXPECT_TRUE(succeeds(lay_out_sizes(2 * kGiB - 4096, kGiB, kGiB, kRv32)));
  EXPECT_TRUE(fails_with(lay_out_sizes(2 * kGiB - 4095, kGiB, kGiB, kRv32), ErrorCode::malformed,
                         "eapp: "));
}

TEST(EnclaveLimits, AnRv64EnclaveMayBeLarger) {
  EXPECT_TRUE(succeeds(lay_out_sizes(4 * kGiB, 4 * kGiB, 4 * kGiB, kRv64)));
}

TEST(EnclaveLimits, AnRv64EnclaveMustFitTheAddressSpace) {
  EXPECT_TRUE(fails_with(lay_out_sizes(0, 0, UINT64_MAX, kRv64), ErrorCode::malformed, "loader: "));
  EXPECT_TRUE(
      fails_with(lay_out_sizes(1, UINT64_MAX - 4095, 0, kRv64), ErrorCode::malformed, "eapp: "));
  EXPECT_TRUE(fails_with(lay_out_sizes(UINT64_MAX / 2, UINT64_MAX / 2, 4096, kRv64),
                         ErrorCode::malformed, "eapp: "));
}

// The Error of laying out and measuring when one file fails from a place on.
Result<Measurement> measure_sources(const ByteSource& eapp, const ByteSource& runtime,
                                    const ByteSource& loader, Profile profile) {
  KEYSTONE_TRY(const auto image, lay_out({eapp, runtime, loader}, profile));
  return measure(image);
}

TEST(EnclaveSource, ReportsWhatItCannotReadWhereverThatIs) {
  const Bytes file = build_elf(plain_program(noise("text", 9000)));
  const ArraySource good(file);
  for (const ProfileInfo& row : profiles()) {
    ASSERT_TRUE(succeeds(measure_sources(good, good, good, row.profile)));
    // In the magic number, the header, the program headers, the content, the section headers.
    for (const std::uint64_t from : {std::size_t{0}, std::size_t{10}, std::size_t{40},
                                     std::size_t{70}, std::size_t{5000}, file.size() - 1}) {
      SCOPED_TRACE(std::string(row.name) + " from " + std::to_string(from));
      const FailingSource bad(file, from);
      const auto code = ErrorCode::unreadable;
      const auto what = FailingSource::kMessage;
      EXPECT_TRUE(fails_with(measure_sources(bad, good, good, row.profile), code, what));
      EXPECT_TRUE(fails_with(measure_sources(good, bad, good, row.profile), code, what));
      EXPECT_TRUE(fails_with(measure_sources(good, good, bad, row.profile), code, what));
    }
  }
}

TEST(EnclaveSource, ThatCannotBeReadIsNotAWarning) {
  const Bytes file = build_elf(plain_program({1}));
  const ArraySource good(file);
  const FailingSource bad(file, 70);  // the magic number and the header are readable
  EXPECT_TRUE(fails_with(lay_out({good, bad, good}, kRv64), ErrorCode::unreadable, "runtime: "));
  EXPECT_TRUE(fails_with(lay_out({bad, good, good}, kRv64), ErrorCode::unreadable, "eapp: "));
}

// The warnings for three good programs of which one is replaced.
std::vector<std::string> warnings(Files files, Profile profile = kRv64) {
  const auto image = files.lay_out_only(profile);
  EXPECT_TRUE(succeeds(image));
  EXPECT_TRUE(succeeds(files.hash(profile)));
  return image ? image->warnings : std::vector<std::string>();
}

::testing::AssertionResult warns_once(const Files& files, std::string_view start,
                                      Profile profile = kRv64) {
  const auto got = warnings(files, profile);
  if (got.size() == 1 && got[0].starts_with(start)) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << "got " << ::testing::PrintToString(got);
}

Files good_files() {
  const Bytes program = build_elf(plain_program({1, 2, 3}));
  return {program, program, {1, 2, 3}};
}

TEST(EnclaveWarnings, AreNoneForProgramsThatFit) {
  EXPECT_TRUE(warnings(good_files()).empty());
  const Bytes narrow = build_elf(plain_program({1}, ElfClass::elf32));
  EXPECT_TRUE(warnings({narrow, narrow, narrow}, kRv32).empty());
}

TEST(EnclaveWarnings, AreNoneForEmptyFiles) {
  EXPECT_TRUE(warnings({}).empty());
}

TEST(EnclaveWarnings, NameAProgramThatIsNotElf) {
  Files files = good_files();
  files.eapp = {'#', '!'};
  EXPECT_TRUE(warns_once(files, "eapp: not an ELF file"));
  files = good_files();
  files.runtime = {0};
  EXPECT_TRUE(warns_once(files, "runtime: not an ELF file"));
}

TEST(EnclaveWarnings, NameAProgramForAnotherMachine) {
  ElfSpec foreign = plain_program({1});
  foreign.machine = 62;  // EM_X86_64
  const Bytes program = build_elf(foreign);
  Files files = good_files();
  files.eapp = program;
  EXPECT_TRUE(warns_once(files, "eapp: an ELF file for machine 62"));
  files = good_files();
  files.loader = program;
  EXPECT_TRUE(warns_once(files, "loader: an ELF file for machine 62"));
}

TEST(EnclaveWarnings, NameAnObjectFileThatIsNotLinked) {
  ElfSpec object = plain_program({1});
  object.file_type = kElfRelocatable;
  Files files = good_files();
  files.loader = build_elf(object);
  EXPECT_TRUE(warns_once(files, "loader: an object file that is not linked"));
}

TEST(EnclaveWarnings, NameAProgramOfTheOtherClass) {
  Files files = good_files();
  files.runtime = build_elf(plain_program({1}, ElfClass::elf32));
  EXPECT_TRUE(warns_once(files, "runtime: a 32-bit program"));
  files.eapp = files.runtime;
  files.runtime = build_elf(plain_program({1}, ElfClass::elf64));
  EXPECT_TRUE(warns_once(files, "runtime: a 64-bit program", kRv32));
}

TEST(EnclaveWarnings, AreNoneForFilesToBeTakenAsTheyAre) {
  Files files{{1}, {1}, build_elf(plain_program({1}, ElfClass::elf32))};
  files.loader_raw = true;
  EXPECT_TRUE(warnings(files).empty());
}

// A program of which the last byte is missing, once from each of its two tables' sides.
Bytes cut_short(bool sections) {
  ElfSpec spec = plain_program(Bytes(100, 7));
  if (!sections) {
    spec.shoff = 0;
    spec.shnum = 0;
    spec.shstrndx = 0;
    spec.segments[0].filesz = 100000;
  }
  Bytes file = build_elf(spec);
  file.pop_back();
  return file;
}

TEST(EnclaveCompleteness, IsAskedOfProgramsThatAreElf) {
  for (const bool sections : {true, false}) {
    Files files = good_files();
    files.eapp = cut_short(sections);
    EXPECT_TRUE(fails_with(files.hash(kRv64), ErrorCode::malformed, "eapp: "));
    files = good_files();
    files.runtime = cut_short(sections);
    EXPECT_TRUE(fails_with(files.hash(kRv64), ErrorCode::malformed, "runtime: "));
  }
}

TEST(EnclaveCompleteness, IsNotAskedOfFilesToBeTakenAsTheyAre) {
  Files files = good_files();
  files.eapp = files.runtime = cut_short(true);
  files.loader_raw = true;
  EXPECT_TRUE(succeeds(files.hash(kRv64)));
}

TEST(EnclaveWarnings, CountEachProgram) {
  EXPECT_EQ(warnings({{1}, {1}, build_elf(plain_program({1}, ElfClass::elf32))}).size(), 3U);
}

TEST(EnclaveExtraction, HasTheWordsOfTheJsonOutput) {
  EXPECT_EQ(to_string(Extraction::whole_file), "whole_file");
  EXPECT_EQ(to_string(Extraction::text_section), "text_section");
  EXPECT_EQ(to_string(Extraction::load_segments), "load_segments");
}

}  // namespace
}  // namespace keystone::enclave_limits_test
