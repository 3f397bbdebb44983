// SPDX-License-Identifier: Apache-2.0
// Files that stripped() refuses, and that it takes no more of memory and time than it says.
#include "stripped.hpp"

#include "elf_builder.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone::stripped_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kAllocated = 2;                // SHF_ALLOC
constexpr std::uint32_t kSymbolTable = 2;              // SHT_SYMTAB
constexpr std::uint32_t kStringTable = 3;              // SHT_STRTAB
constexpr std::uint32_t kExtendedIndices = 18;         // SHT_SYMTAB_SHNDX
constexpr std::size_t kAlignOffset = 48;               // of sh_addralign in an Elf64_Shdr
constexpr std::size_t kHeadersEnd = 64 + 4 * 56;       // of rv64_debug, which has 4 segments
constexpr std::size_t kSectionHeader = 64;             // of an ELF64 file, in bytes
constexpr std::size_t kDebugProgramCommentNumber = 8;  // the first section of rv64_debug to move

Result<Bytes> strip_bytes(const Bytes& file, Strip mode = Strip::all) {
  return stripped(ArraySource(file), mode);
}

::testing::AssertionResult both_refuse(const Bytes& file, ErrorCode code, std::string_view what) {
  for (const Strip mode : {Strip::all, Strip::debug}) {
    if (auto result = fails_with(strip_bytes(file, mode), code, what); !result) {
      return result;
    }
  }
  return ::testing::AssertionSuccess();
}

// A program with a symbol table, wrong in what a test sets.
ElfSpec program() {
  ElfSpec spec = plain_program(noise("text", 64));
  spec.sections[0].flags = kAllocated;
  spec.add_symbols({{}, {.name = "main"}, {.name = "domain"}});
  return spec;
}

Bytes debug_program() {
  return read_vector_file("stripped/elf/rv64_debug");
}

std::size_t section_headers_of(const Bytes& file) {
  std::size_t offset = 0;
  for (std::size_t i = 8; i-- > 0;) {
    offset = offset << 8U | file[0x28 + i];  // e_shoff
  }
  return offset;
}

Bytes with_alignment(Bytes file, std::size_t section, std::uint64_t align) {
  const Bytes field = le(align, 8);
  std::copy(field.begin(), field.end(),
            file.begin() + static_cast<std::ptrdiff_t>(section_headers_of(file) +
                                                       section * kSectionHeader + kAlignOffset));
  return file;
}

TEST(Stripped, TakesAProgramOfAllocatedSectionsAndSymbols) {
  EXPECT_TRUE(succeeds(strip_bytes(build_elf(program()))));
  EXPECT_TRUE(succeeds(strip_bytes(build_elf(program()), Strip::debug)));
}

TEST(Stripped, RefusesEveryPrefix) {
  const Bytes file = debug_program();
  for (std::size_t size = 0; size < file.size(); ++size) {
    const Bytes prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_TRUE(both_refuse(prefix, ErrorCode::malformed, "")) << size;
  }
}

// Whatever the headers and the symbols say, the answer is a file of bounded size, or an Error.
TEST(Stripped, StaysWithinItsBoundsForEachChangedByte) {
  const Bytes file = debug_program();
  const auto check = [&](std::size_t at) {
    for (const std::uint8_t value : Bytes{0x00, 0x7f, 0xff}) {
      Bytes changed = file;
      changed[at] = value;
      for (const Strip mode : {Strip::all, Strip::debug}) {
        const auto result = strip_bytes(changed, mode);
        if (result) {
          ASSERT_LE(result->size(), kMaxStripped);
        } else {
          ASSERT_NE(result.error().code, ErrorCode::internal);
        }
      }
    }
  };
  for (std::size_t at = 0; at < kHeadersEnd; ++at) {
    check(at);
  }
  for (std::size_t at = section_headers_of(file); at < file.size(); ++at) {
    check(at);
  }
}

TEST(Stripped, RefusesAlignmentsThatAreNoPowerOfTwoOrMakeTheFileTooLong) {
  const Bytes file = debug_program();
  const auto with = [&](std::uint64_t align) {
    return with_alignment(file, kDebugProgramCommentNumber, align);
  };
  EXPECT_EQ(strip_bytes(with(0)).value().size(), strip_bytes(with(1)).value().size());
  EXPECT_TRUE(succeeds(strip_bytes(with(std::uint64_t{1} << 25U))));
  EXPECT_TRUE(both_refuse(with(3), ErrorCode::limit_exceeded, "alignment of 3"));
  EXPECT_TRUE(both_refuse(with(kMaxStripped), ErrorCode::limit_exceeded, "alignment"));
  EXPECT_TRUE(both_refuse(with(std::uint64_t{1} << 63U), ErrorCode::limit_exceeded, "alignment"));
}

TEST(Stripped, RefusesFilesAboveItsLimitUnread) {
  const SparseSource source(debug_program(), kMaxStripped + 1);
  EXPECT_TRUE(fails_with(stripped(source, Strip::all), ErrorCode::limit_exceeded, "size: got"));
  EXPECT_EQ(source.bytes_read(), 0U);
}

TEST(Stripped, RefusesProgramsOfOtherMachinesAndObjectFiles) {
  ElfSpec other = program();
  other.machine = 62;
  EXPECT_TRUE(both_refuse(build_elf(other), ErrorCode::malformed, "machine 62"));
  ElfSpec object = program();
  object.file_type = kElfRelocatable;
  EXPECT_TRUE(both_refuse(build_elf(object), ErrorCode::malformed, "not linked"));
}

TEST(Stripped, RefusesFilesWithoutSectionsToKeep) {
  ElfSpec spec = program();
  spec.sections.erase(spec.sections.begin());
  for (SectionSpec& section : spec.sections) {
    section.link = section.type == kSymbolTable ? 2 : 0;
  }
  EXPECT_TRUE(both_refuse(build_elf(spec), ErrorCode::malformed, "sections to keep"));
  spec = program();
  spec.shstrndx = 0;
  EXPECT_TRUE(both_refuse(build_elf(spec), ErrorCode::malformed, "section names"));
}

TEST(Stripped, RefusesProgramHeadersThatAreNotBehindTheFileHeader) {
  ElfSpec spec = program();
  spec.phoff = 72;
  EXPECT_TRUE(both_refuse(build_elf(spec), ErrorCode::malformed, "program headers"));
}

TEST(Stripped, RefusesASecondSymbolTableAndExtendedNumbers) {
  for (const std::uint32_t type : {kSymbolTable, kExtendedIndices}) {
    ElfSpec spec = program();
    spec.sections.push_back({.name = ".more", .type = type});
    EXPECT_TRUE(both_refuse(build_elf(spec), ErrorCode::malformed, "one symbol table"));
  }
  ElfSpec spec = plain_program(noise("text", 64));
  spec.sections[0].flags = kAllocated;
  spec.add_symbols({{}, {.name = "far", .section = 0xffff}});
  EXPECT_TRUE(succeeds(strip_bytes(build_elf(spec))));
  EXPECT_TRUE(fails_with(strip_bytes(build_elf(spec), Strip::debug), ErrorCode::malformed,
                         "extended section number"));
}

TEST(Stripped, RefusesSectionsOutsideTheFileOrOverEachOther) {
  ElfSpec outside = program();
  outside.sections[0].size = 1'000'000;
  EXPECT_TRUE(both_refuse(build_elf(outside), ErrorCode::malformed, "section 1"));
  ElfSpec wrapping = program();
  wrapping.sections[0].offset = UINT64_MAX;
  EXPECT_TRUE(both_refuse(build_elf(wrapping), ErrorCode::malformed, "section 1"));
  ElfSpec shared = program();
  SectionSpec again = shared.sections[0];
  again.content.clear();
  again.offset = 64;
  again.size = 1000;
  shared.sections.insert(shared.sections.end(), 1000, again);
  EXPECT_TRUE(both_refuse(build_elf(shared), ErrorCode::malformed, "apart"));
}

TEST(Stripped, RefusesSymbolTablesWithoutStringsOrOfAnotherEntrySize) {
  for (const std::uint32_t link : {0U, 99U}) {
    ElfSpec spec = program();
    spec.sections[1].link = link;
    EXPECT_TRUE(fails_with(strip_bytes(build_elf(spec), Strip::debug), ErrorCode::malformed,
                           "symbol table"));
  }
  ElfSpec spec = program();
  spec.sections[1].entsize = 16;
  EXPECT_TRUE(
      fails_with(strip_bytes(build_elf(spec), Strip::debug), ErrorCode::malformed, "symbol table"));
}

TEST(Stripped, BoundsNamesThatOverlap) {
  ElfSpec spec = program();
  Bytes strings = concat({{0}, Bytes(20'000, 'a'), {0}});
  Bytes symbols(24);
  for (std::uint32_t name = 1; name <= 2000; ++name) {
    symbols = concat({symbols, le(name, 4), le(0x10010, 4), Bytes(16)});
  }
  spec.sections[1].content = symbols;
  spec.sections[2].content = strings;
  ASSERT_EQ(spec.sections[2].type, kStringTable);
  EXPECT_TRUE(succeeds(strip_bytes(build_elf(spec))));
  EXPECT_TRUE(
      fails_with(strip_bytes(build_elf(spec), Strip::debug), ErrorCode::limit_exceeded, "names"));
}

TEST(Stripped, FailsWhereTheFileCannotBeRead) {
  const FailingSource source(debug_program(), 2000);
  EXPECT_TRUE(
      fails_with(stripped(source, Strip::all), ErrorCode::unreadable, FailingSource::kMessage));
}

}  // namespace
}  // namespace keystone::stripped_test
