// SPDX-License-Identifier: Apache-2.0
#include "elf_builder.hpp"
#include "keystone/measure/elf.hpp"
#include "support.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace keystone::elf_sections_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();

Result<ElfView> parse(const ElfSpec& spec) {
  const Bytes file = build_elf(spec);
  return ElfView::parse(ArraySource(file));
}

::testing::AssertionResult refused(const ElfSpec& spec, std::string_view culprit) {
  return fails_with(parse(spec), ErrorCode::malformed, culprit);
}

TEST(ElfSections, HaveTheirNames) {
  const auto elf = parse(plain_program({1, 2, 3}));
  ASSERT_TRUE(succeeds(elf));
  ASSERT_EQ(elf->sections().size(), 3U);
  EXPECT_EQ(elf->sections()[0].name, "");
  EXPECT_EQ(elf->sections()[1].name, ".text");
  EXPECT_EQ(elf->sections()[1].size, 3U);
  EXPECT_EQ(elf->sections()[2].name, ".shstrtab");
}

TEST(ElfSections, HaveNoNamesWithoutANameSection) {
  ElfSpec spec = plain_program({1});
  spec.shstrndx = 0;
  spec.section_0.size = kTop;  // it holds no names, whatever it says
  const auto elf = parse(spec);
  ASSERT_TRUE(succeeds(elf));
  EXPECT_EQ(elf->sections()[1].name, "");
}

TEST(ElfSections, AreRefusedWhenTheNameSectionDoesNotExist) {
  for (const int wrong : {3, 4, 0xffff}) {
    ElfSpec spec = plain_program({1});
    spec.shstrndx = static_cast<std::uint16_t>(wrong);
    EXPECT_TRUE(refused(spec, "section names"));
  }
}

TEST(ElfSections, AreRefusedWhenTheNamesAreOutsideTheFile) {
  const std::uint64_t size = build_elf(plain_program({1})).size();
  for (const std::uint64_t wrong : {size - 1, size, size + 1, kTop, kTop - 16}) {
    ElfSpec spec = plain_program({1});
    spec.names_offset = wrong;
    EXPECT_TRUE(refused(spec, "section names"));
  }
  for (const std::uint64_t wrong : {size, kTop}) {
    ElfSpec spec = plain_program({1});
    spec.names_size = wrong;
    EXPECT_TRUE(refused(spec, "section names"));
  }
}

TEST(ElfSections, HaveEmptyNamesWhenTheNameSectionHasNoBytes) {
  for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{100'000}, kTop}) {
    ElfSpec spec = plain_program({1});
    spec.names_type = kSectionNoBits;
    spec.names_offset = offset;
    const auto elf = parse(spec);
    ASSERT_TRUE(succeeds(elf));
    EXPECT_EQ(elf->sections()[1].name, "");
  }
}

TEST(ElfSections, HaveEmptyNamesWhereANameIsOutsideTheTable) {
  for (const std::uint32_t wrong : {18U, 19U, 0xffffffffU}) {  // the table has 18 bytes
    ElfSpec spec = plain_program({1});
    spec.name_of_all = wrong;
    const auto elf = parse(spec);
    ASSERT_TRUE(succeeds(elf));
    EXPECT_EQ(elf->sections()[1].name, "");
  }
}

TEST(ElfSections, HaveNamesOfAtMost255Bytes) {
  ElfSpec spec = plain_program({1});
  spec.sections[0].name = std::string(300, 'n');
  const auto elf = parse(spec);
  ASSERT_TRUE(succeeds(elf));
  EXPECT_EQ(elf->sections()[1].name, std::string(255, 'n'));
}

TEST(ElfSections, HaveANameThatTheEndOfTheTableCuts) {
  ElfSpec spec = plain_program({1});
  spec.names_size = 5;  // behind two empty names: ".te"
  const auto elf = parse(spec);
  ASSERT_TRUE(succeeds(elf));
  EXPECT_EQ(elf->sections()[1].name, ".te");
}

TEST(ElfSections, AreRefusedWhenTheNamesExceedTheLimit) {
  ElfSpec spec = plain_program({1});
  spec.names_size = (std::uint64_t{64} << 20U) + 1;
  const SparseSource source(build_elf(spec), std::uint64_t{1} << 30U);
  EXPECT_TRUE(fails_with(ElfView::parse(source), ErrorCode::limit_exceeded, "section names"));
  EXPECT_LT(source.bytes_read(), 1000U);
}

Result<FileRange> segment_contents(std::uint64_t offset, std::uint64_t size) {
  ElfSegment segment{};
  segment.offset = offset;
  segment.filesz = size;
  return contents_of(segment, 100, "the segment");
}

Result<FileRange> section_contents(std::uint64_t offset, std::uint64_t size,
                                   std::uint32_t type = 1) {
  ElfSection section{};
  section.type = type;
  section.offset = offset;
  section.size = size;
  return contents_of(section, 100, "the section");
}

TEST(ElfContents, LieInTheFile) {
  for (const auto& range : {segment_contents(90, 10), section_contents(90, 10)}) {
    ASSERT_TRUE(succeeds(range));
    EXPECT_EQ(range->offset, 90U);
    EXPECT_EQ(range->size, 10U);
  }
}

TEST(ElfContents, AreRefusedOutsideTheFile) {
  const struct {
    std::uint64_t offset, size;
  } outside[] = {{90, 11}, {91, 10}, {100, 1}, {101, 0}, {kTop, 2}, {2, kTop}, {kTop, kTop}};
  for (const auto& [offset, size] : outside) {
    SCOPED_TRACE(offset);
    EXPECT_TRUE(fails_with(segment_contents(offset, size), ErrorCode::malformed, "the segment"));
    EXPECT_TRUE(fails_with(section_contents(offset, size), ErrorCode::malformed, "the section"));
  }
}

TEST(ElfContents, AreEmptyAndInTheFileForASectionWithoutBits) {
  const auto range = section_contents(kTop, kTop, kSectionNoBits);
  ASSERT_TRUE(succeeds(range));
  EXPECT_EQ(range->size, 0U);
  EXPECT_LE(range->offset, 100U);
}

}  // namespace
}  // namespace keystone::elf_sections_test
