// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/elf.hpp"

#include "elf_builder.hpp"
#include "support.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace keystone::elf_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();

Result<ElfView> parse(const Bytes& file) {
  return ElfView::parse(ArraySource(file));
}

::testing::AssertionResult refused(const ElfSpec& spec, std::string_view culprit) {
  return fails_with(parse(build_elf(spec)), ErrorCode::malformed, culprit);
}

// Each test runs for both classes.
class Elf : public ::testing::TestWithParam<ElfClass> {
 protected:
  Elf() : spec_(plain_program({1, 2, 3}, GetParam())) {}

  [[nodiscard]] static std::size_t header_size() { return GetParam() == ElfClass::elf64 ? 64 : 52; }

  ElfSpec spec_;
};

INSTANTIATE_TEST_SUITE_P(Class, Elf, ::testing::Values(ElfClass::elf32, ElfClass::elf64),
                         [](const auto& instance) {
                           return instance.param == ElfClass::elf32 ? "Elf32" : "Elf64";
                         });

TEST_P(Elf, GivesTheHeaderAsItIs) {
  spec_.machine = 62;
  spec_.entry = 0x1234;
  const auto elf = parse(build_elf(spec_));
  ASSERT_TRUE(succeeds(elf));
  EXPECT_EQ(elf->elf_class(), GetParam());
  EXPECT_EQ(elf->machine(), 62);
  EXPECT_EQ(elf->entry(), 0x1234U);
}

TEST_P(Elf, GivesEveryFieldOfASegment) {
  spec_.segments = {{.vaddr = 0x1000,
                     .paddr = 0x80002000,
                     .type = 7,
                     .offset = 0x30,
                     .filesz = 0x40,
                     .memsz = 0x50}};
  const auto elf = parse(build_elf(spec_));
  ASSERT_TRUE(succeeds(elf));
  ASSERT_EQ(elf->segments().size(), 1U);
  const ElfSegment& segment = elf->segments()[0];
  EXPECT_EQ(segment.type, 7U);
  EXPECT_EQ(segment.flags, 7U);
  EXPECT_EQ(segment.offset, 0x30U);
  EXPECT_EQ(segment.vaddr, 0x1000U);
  EXPECT_EQ(segment.paddr, 0x80002000U);
  EXPECT_EQ(segment.filesz, 0x40U);
  EXPECT_EQ(segment.memsz, 0x50U);
}

TEST_P(Elf, KeepsAddressesAboveTheSignBitOfAWord) {
  const std::uint64_t high = GetParam() == ElfClass::elf64 ? 0xffffffffc0000000 : 0xc0000000;
  spec_.segments[0].vaddr = high;
  const auto elf = parse(build_elf(spec_));
  ASSERT_TRUE(succeeds(elf));
  EXPECT_EQ(elf->segments()[0].vaddr, high);
}

TEST_P(Elf, KeepsSegmentsInHeaderOrder) {
  spec_.segments = {{.vaddr = 0x3000}, {.vaddr = 0x1000}, {.vaddr = 0x2000}};
  const auto elf = parse(build_elf(spec_));
  ASSERT_TRUE(succeeds(elf));
  ASSERT_EQ(elf->segments().size(), 3U);
  EXPECT_EQ(elf->segments()[0].vaddr, 0x3000U);
  EXPECT_EQ(elf->segments()[2].vaddr, 0x2000U);
}

TEST_P(Elf, AcceptsAHeaderWithoutTables) {
  ElfSpec bare{.elf_class = GetParam(), .phoff = 0, .shoff = 0, .shnum = 0, .shstrndx = 0};
  Bytes file = build_elf(bare);
  file.resize(header_size());
  const auto elf = parse(file);
  ASSERT_TRUE(succeeds(elf));
  EXPECT_TRUE(elf->segments().empty());
  EXPECT_TRUE(elf->sections().empty());
}

TEST_P(Elf, RefusesAHeaderCutAtEveryLength) {
  const Bytes file = build_elf(spec_);
  for (std::size_t size = 0; size < header_size(); ++size) {
    SCOPED_TRACE(size);
    const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_TRUE(fails_with(parse(cut), ErrorCode::malformed, "ELF"));
  }
}

TEST_P(Elf, RefusesAFileCutAnywhere) {
  const Bytes file = build_elf(spec_);
  for (std::size_t size = header_size(); size < file.size(); ++size) {
    SCOPED_TRACE(size);
    const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_TRUE(fails_with(parse(cut), ErrorCode::malformed, "headers"));
  }
}

TEST_P(Elf, RefusesEveryOtherMagicNumber) {
  for (std::size_t i = 0; i < 4; ++i) {
    Bytes file = build_elf(spec_);
    file[i] ^= 0x20U;
    EXPECT_TRUE(fails_with(parse(file), ErrorCode::malformed, "not an ELF file")) << i;
  }
}

TEST_P(Elf, RefusesAnUnknownClass) {
  for (const std::uint8_t wrong : Bytes{0, 3, 255}) {
    spec_.class_byte = wrong;
    EXPECT_TRUE(refused(spec_, "ELF class"));
  }
}

TEST_P(Elf, RefusesABigEndianFile) {
  for (const std::uint8_t wrong : Bytes{0, 2, 255}) {
    spec_.data_byte = wrong;
    EXPECT_TRUE(refused(spec_, "data encoding"));
  }
}

TEST_P(Elf, RefusesProgramHeadersOutsideTheFile) {
  const std::uint64_t size = build_elf(spec_).size();
  const std::uint64_t entry = GetParam() == ElfClass::elf64 ? 56 : 32;
  spec_.phoff = size - entry;  // the last that fits
  EXPECT_TRUE(succeeds(parse(build_elf(spec_))));
  for (const std::uint64_t wrong : {size - entry + 1, size, size + 1, std::uint64_t{0xffffffff}}) {
    spec_.phoff = wrong;
    EXPECT_TRUE(refused(spec_, "program headers"));
  }
}

TEST_P(Elf, RefusesSectionHeadersOutsideTheFile) {
  const std::uint64_t size = build_elf(spec_).size();
  for (const std::uint64_t wrong : {size - 1, size, size + 1, std::uint64_t{0xffffffff}}) {
    spec_.shoff = wrong;
    EXPECT_TRUE(refused(spec_, "section headers"));
  }
}

TEST_P(Elf, RefusesMoreEntriesThanTheFileHolds) {
  ElfSpec segments = spec_;
  segments.phnum = 65535;
  EXPECT_TRUE(refused(segments, "program headers"));
  ElfSpec sections = spec_;
  sections.shnum = 4;  // it has three, and they are the end of the file
  EXPECT_TRUE(refused(sections, "section headers"));
}

TEST_P(Elf, RefusesEveryOtherEntrySize) {
  const std::uint16_t segment = GetParam() == ElfClass::elf64 ? 56 : 32;
  const std::uint16_t section = GetParam() == ElfClass::elf64 ? 64 : 40;
  for (const int change : {-1, 1, -segment}) {
    ElfSpec wrong = spec_;
    wrong.phentsize = static_cast<std::uint16_t>(segment + change);
    EXPECT_TRUE(refused(wrong, "program header size"));
  }
  for (const int change : {-1, 1, -section}) {
    ElfSpec wrong = spec_;
    wrong.shentsize = static_cast<std::uint16_t>(section + change);
    EXPECT_TRUE(refused(wrong, "section header size"));
  }
}

TEST(ElfOffsets, DoNotWrap) {
  for (const std::uint64_t wrong : {kTop, kTop - 55, kTop - 63, kTop - 191, kTop / 2 + 1}) {
    ElfSpec segments = plain_program({1});
    segments.phoff = wrong;
    EXPECT_TRUE(refused(segments, "program headers"));
    ElfSpec sections = plain_program({1});
    sections.shoff = wrong;
    EXPECT_TRUE(refused(sections, "section headers"));
  }
}

TEST(ElfSource, ReportsWhatItCannotRead) {
  const Bytes file = build_elf(plain_program({1, 2, 3}));
  // The magic number, the header, the program headers, the names, the section headers.
  for (const std::uint64_t from : {std::size_t{0}, std::size_t{15}, std::size_t{63},
                                   std::size_t{100}, file.size() - 193, file.size() - 1}) {
    SCOPED_TRACE(from);
    EXPECT_TRUE(fails_with(ElfView::parse(FailingSource(file, from)), ErrorCode::unreadable,
                           FailingSource::kMessage));
  }
}

TEST(LooksLikeElf, IsTrueForTheMagicNumberAlone) {
  const Bytes magic = {0x7f, 'E', 'L', 'F'};
  EXPECT_EQ(looks_like_elf(ArraySource(magic)), true);
}

TEST(LooksLikeElf, IsFalseForAnythingElse) {
  for (const Bytes& file : {Bytes{}, Bytes{0x7f, 'E', 'L'}, Bytes{0x7f, 'E', 'L', 'G'},
                            Bytes{'E', 'L', 'F', 0x7f}, Bytes{0, 0x7f, 'E', 'L', 'F'}}) {
    EXPECT_EQ(looks_like_elf(ArraySource(file)), false);
  }
}

TEST(LooksLikeElf, ReportsWhatItCannotRead) {
  const FailingSource source(Bytes(100));
  EXPECT_TRUE(fails_with(looks_like_elf(source), ErrorCode::unreadable, FailingSource::kMessage));
}

}  // namespace
}  // namespace keystone::elf_test
