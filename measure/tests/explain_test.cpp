// SPDX-License-Identifier: Apache-2.0
#include "explain_support.hpp"

#include <gtest/gtest.h>

namespace keystone::explain_test {
namespace {

using namespace keystone::testing;
using Lines = std::vector<std::string>;

constexpr auto kRv64 = Profile::keystone_loader_rv64;
constexpr auto kV1 = Profile::keystone_v1;

// The words as text.
Lines words_of(const Explanation& explanation) {
  Lines lines;
  for (const MeasuredWord& word : explanation.words) {
    lines.push_back(std::string(word.name) + " " + std::to_string(word.value));
  }
  return lines;
}

TEST(ExplainLoader, NamesTheWordsAndThePartsOfTheSampleEnclave) {
  const auto explanation = explain_files(bundled("rv64"), kRv64);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_EQ(words_of(*explanation),
            (Lines{"loader_size 8192", "runtime_size 12288", "eapp_size 12288"}));
  EXPECT_EQ(lines_of(*explanation),
            (Lines{"loader 0x0 4096, 0+4096 at 0x1000, [.text], none",
                   "loader 0x1000 4096, 0+480 at 0x2000, [.text], padding",
                   "runtime 0x2000 4096, 0+4096 at 0x0, none",
                   "runtime 0x3000 4096, 0+4096 at 0x1000, [.text, .rodata], none",
                   "runtime 0x4000 4096, 0+1432 at 0x2000, "
                   "[.data, .riscv.attributes, .symtab, .strtab, .shstrtab], padding",
                   "eapp 0x5000 4096, 0+4096 at 0x0, none",
                   "eapp 0x6000 4096, 0+4096 at 0x1000, [.text, .rodata], none",
                   "eapp 0x7000 4096, 0+1264 at 0x2000, "
                   "[.data, .riscv.attributes, .symtab, .strtab, .shstrtab], padding"}));
}

TEST(ExplainLoader, MergesPagesOfOneOrigin) {
  const Files files{padded(noise("eapp", 20000)), noise("runtime", 4096), noise("loader", 9000)};
  const auto explanation = explain_files(files, kRv64);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_EQ(lines_of(*explanation), (Lines{"loader 0x0 8192, 0+8192 at 0x0, none",
                                           "loader 0x2000 4096, 0+808 at 0x2000, padding",
                                           "runtime 0x3000 4096, 0+4096 at 0x0, none",
                                           "eapp 0x4000 20480, 0+20480 at 0x0, none"}));
}

TEST(ExplainLoader, MarksSegmentsAndTheStackOfTheRustSdk) {
  ElfSpec loader = plain_program(noise("loader", 100));
  loader.segments.push_back({.content = noise("more", 4097), .vaddr = 0x10000});
  const Files files{build_elf(plain_program(noise("eapp", 10))),
                    build_elf(plain_program(noise("runtime", 10))), build_elf(loader)};
  const auto explanation = explain_files(files, Profile::rust_sdk_0_3);
  ASSERT_TRUE(succeeds(explanation));
  const Lines lines = lines_of(*explanation);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], "loader 0x0 4096, 0+100 at 0xb0, segment 0, padding");
  EXPECT_EQ(lines[1], "loader 0x1000 4096, 0+4096 at 0x114, segment 1, none");
  EXPECT_EQ(lines[5], "stack 0x5000 16384, stack");
  EXPECT_EQ(words_of(*explanation)[2], "eapp_size 20480");
}

TEST(ExplainLoader, HasNoRangesForEmptyFiles) {
  const auto explanation = explain_files({{}, {}, {}}, kRv64, kWithPages);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_TRUE(explanation->ranges.empty());
  EXPECT_TRUE(explanation->pages.empty());
  EXPECT_EQ(words_of(*explanation), (Lines{"loader_size 0", "runtime_size 0", "eapp_size 0"}));
}

TEST(ExplainLoader, ReadsNoMoreThanMeasuringWithoutPages) {
  const SparseSource eapp(noise("eapp", 5000), 8U << 20U);
  const Bytes small = noise("small", 100);
  const ArraySource other(small);
  const EnclaveInputs inputs{eapp, other, other};
  const auto image = lay_out(inputs, kRv64);
  ASSERT_TRUE(succeeds(image));
  const std::uint64_t before = eapp.bytes_read();
  ASSERT_TRUE(succeeds(measure(*image)));
  const std::uint64_t measuring = eapp.bytes_read() - before;
  ASSERT_TRUE(succeeds(explain(inputs, *image, kNoPages)));
  const std::uint64_t explaining = eapp.bytes_read() - before - measuring;
  EXPECT_LE(explaining, measuring + 64);  // and the magic number
}

TEST(ExplainLoader, FailsWhereTheFileCannotBeRead) {
  const FailingSource eapp(noise("eapp", 5000), 4096);
  const Bytes small = noise("small", 100);
  const ArraySource other(small);
  const EnclaveInputs inputs{eapp, other, other};
  const auto image = lay_out(inputs, kRv64);
  ASSERT_TRUE(succeeds(image));
  EXPECT_TRUE(fails_with(explain(inputs, *image, kNoPages), ErrorCode::unreadable,
                         FailingSource::kMessage));
}

TEST(ExplainWalk, NamesTheWordsAndThePartsOfTheSampleEnclave) {
  const auto explanation = explain_files(bundled("rv64"), kV1);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_EQ(words_of(*explanation),
            (Lines{"runtime_entry 2097152", "user_entry 65536",
                   "untrusted_ptr 18446744071562067968", "untrusted_size 8192"}));
  EXPECT_EQ(
      lines_of(*explanation),
      (Lines{"eapp 0x10000 4096, run, 0+204 at 0x1000, segment 1, [.text, .rodata], padding",
             "eapp 0x11000 4096, 0+1 at 0x2000, segment 2, [.data, .bss], padding",
             "runtime 0x200000 4096, run, 0+902 at 0x1000, segment 1, [.text, .rodata], "
             "padding",
             "runtime 0x201000 4096, 0+4 at 0x2000, segment 2, [.data, .bss], padding",
             "runtime 0x202000 4096, segment 2, [.bss], bss", "stack 0x3fffc000 16384, run, stack",
             "untrusted 0xffffffff80000000 8192, run, untrusted"}));
}

TEST(ExplainWalk, HasWordsOfTheMachineOnRv32) {
  const auto explanation = explain_files(bundled("rv32"), Profile::keystone_v1_rv32);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_EQ(words_of(*explanation)[2], "untrusted_ptr 2147483648");
  const Lines lines = lines_of(*explanation);
  EXPECT_EQ(lines.front(),
            "eapp 0x10000 4096, run, 0+200 at 0x1000, segment 1, [.text, .rodata], padding");
  EXPECT_EQ(lines.back(), "untrusted 0x80000000 8192, run, untrusted");
}

TEST(ExplainWalk, NamesThePartsOfAProgramWithSeveralSegments) {
  const auto explanation = explain_files(walk_files("e_multi", "rt_multi"), kV1);
  ASSERT_TRUE(succeeds(explanation));
  const Lines lines = lines_of(*explanation);
  const Lines eapp(lines.begin(), lines.begin() + 7);
  EXPECT_EQ(eapp, (Lines{"eapp 0x10000 4096, run, 0+4096 at 0x1000, segment 0, [.text], none",
                         "eapp 0x11000 4096, 0+16 at 0x2000, segment 0, [.text], padding",
                         "eapp 0x12000 8192, 0+8192 at 0x3000, segment 1, [.rodata], none",
                         "eapp 0x14000 4096, 0+14 at 0x5000, segment 1, [.rodata], padding",
                         "eapp 0x15000 12288, 0+12288 at 0x6000, segment 2, [.data], none",
                         "eapp 0x18000 4096, 0+12 at 0x9000, segment 2, [.data], padding",
                         "eapp 0x19000 8192, segment 3, [.bss], bss"}));
}

TEST(ExplainWalk, TellsWhatASharedPageKeeps) {
  // Segments 0 and 1, 1 and 2 share a page: the first one's stays in v1, the last one's in v0.3.
  const auto v1 = explain_files(walk_files("e_share", "rt_multi"), kV1);
  const auto v03 = explain_files(walk_files("e_share", "rt_multi"), Profile::pagewalk_v0_3);
  ASSERT_TRUE(succeeds(v1) && succeeds(v03));
  const auto line = [](const Explanation& explanation) { return lines_of(explanation).at(1); };
  EXPECT_EQ(line(*v1), "eapp 0x11000 4096, 0+920 at 0x2000, segment 0, [.text], padding");
  EXPECT_EQ(line(*v03), "eapp 0x11000 4096, 3934+162 at 0x2f5e, segment 2, [.data], padding");
}

TEST(ExplainWalk, TellsBytesBehindASegmentThatAreMeasured) {
  // The second segment has 16 bytes in the file; its first page takes 256.
  const auto explanation = explain_files(walk_files("x_overread", "rt_multi"), kV1);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_EQ(lines_of(*explanation).at(1),
            "eapp 0x12000 4096, run, 3840+256 at 0x1010, segment 1, padding");
}

TEST(ExplainWalk, MarksTheRuntimesStackAndSectionsWithoutASegment) {
  PageWalkParameters parameters = default_parameters(Profile::pagewalk_v0_2);
  parameters.user_entry = 0x10000;
  const auto explanation =
      explain_files(walk_files("e_bss", "rt_multi"), Profile::pagewalk_v0_2, parameters);
  ASSERT_TRUE(succeeds(explanation));
  // The driver reads whole pages of the runtime's file: its symbols are measured, too.
  EXPECT_EQ(
      lines_of(*explanation),
      (Lines{"eapp 0x10000 4096, run, 0+16 at 0x1000, segment 0, [.text], padding",
             "eapp 0x11000 4096, 0+4012 at 0x2000, segment 1, [.data, .bss], padding",
             "eapp 0x12000 36864, [.bss], bss", "stack 0xffffffffbff00000 1048576, run, stack",
             "runtime 0xffffffffc0000000 8192, 0+8192 at 0x1000, segment 0, [.text], none",
             "runtime 0xffffffffc0002000 12288, 0+12288 at 0x3000, segment 1, [.rodata], none",
             "runtime 0xffffffffc0005000 4096, 0+3912 at 0x6000, segment 2, "
             "[.data, .symtab, .strtab, .shstrtab, .bss], padding",
             "untrusted 0xffffffffe0000000 8192, run, untrusted",
             "runtime_stack 0xfffffffffff00000 1048576, run, stack"}));
}

TEST(ExplainWalk, GoesOnInTheUpperHalfOfTheAddressSpaceWithoutAnAddress) {
  PageWalkParameters parameters = default_parameters(kV1);
  parameters.untrusted_ptr = 0x3ffffff000;  // of 39 bits, the next page's number is the next
  const auto explanation = explain_files(bundled("rv64"), kV1, parameters);
  ASSERT_TRUE(succeeds(explanation));
  const Lines lines = lines_of(*explanation);
  EXPECT_EQ(lines[lines.size() - 2], "untrusted 0x3ffffff000 4096, run, untrusted");
  EXPECT_EQ(lines.back(), "untrusted 0xffffffc000000000 4096, untrusted");
}

TEST(ExplainWalk, FailsAsMeasuringDoes) {
  const Files files = walk_files("e_instack", "rt_multi");
  EXPECT_TRUE(fails_with(explain_files(files, kV1), ErrorCode::malformed, "100015"));
}

TEST(ExplainWalk, ReadsNoMoreThanMeasuringAndTheTablesOfNames) {
  const Bytes file = build_elf(program_at(0x10000, noise("text", 1U << 20U), 1U << 20U));
  const SparseSource eapp(file, file.size());
  const Bytes runtime_file = build_elf(program_at(0xffffffffc0000000, noise("runtime", 100)));
  const ArraySource runtime(runtime_file);
  const PageWalkInputs inputs{eapp, runtime};
  const auto image = lay_out(inputs, kV1, default_parameters(kV1), {});
  ASSERT_TRUE(succeeds(image));
  const std::uint64_t before = eapp.bytes_read();
  ASSERT_TRUE(succeeds(measure(*image)));
  const std::uint64_t measuring = eapp.bytes_read() - before;
  ASSERT_TRUE(succeeds(explain(inputs, *image, kNoPages)));
  EXPECT_LE(eapp.bytes_read() - before - measuring, measuring + 4096);
}

TEST(Explain, HasPagesAndFunctionsOnlyIfTheyAreAskedFor) {
  const auto without = explain_files(bundled("rv64"), kV1, kNoPages);
  const auto with = explain_files(bundled("rv64"), kV1, kWithPages);
  ASSERT_TRUE(succeeds(without) && succeeds(with));
  EXPECT_TRUE(without->pages.empty() && without->functions.empty());
  EXPECT_FALSE(with->pages.empty() || with->functions.empty());
  EXPECT_EQ(lines_of(*without), lines_of(*with));
  EXPECT_EQ(without->measurement.hash, with->measurement.hash);
}

TEST(Explain, DigestsEachPage) {
  const Files files{noise("eapp", 5000), {}, {}};
  const auto explanation = explain_files(files, kRv64, kWithPages);
  ASSERT_TRUE(succeeds(explanation));
  ASSERT_EQ(explanation->pages.size(), 2U);
  const Bytes memory = padded(files.eapp);
  EXPECT_EQ(explanation->pages[0].sha256.hex(), independent_sha256(ByteView(memory).first(4096)));
  EXPECT_EQ(explanation->pages[1].sha256.hex(), independent_sha256(ByteView(memory).subspan(4096)));
}

}  // namespace
}  // namespace keystone::explain_test
