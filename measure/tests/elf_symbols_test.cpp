// SPDX-License-Identifier: Apache-2.0
#include "elf_builder.hpp"
#include "keystone/measure/elf.hpp"
#include "support.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::elf_symbols_test {
namespace {

using namespace keystone::testing;

constexpr std::size_t kSymtab = 1;  // its place among the sections of a spec
constexpr std::size_t kStrtab = 2;

Result<std::vector<ElfSymbol>> symbols_of(const ElfSpec& spec) {
  const Bytes file = build_elf(spec);
  const ArraySource source(file);
  KEYSTONE_TRY(const auto elf, ElfView::parse(source));
  return elf.symbols(source);
}

ElfSpec program_with_symbols(ElfClass elf_class = ElfClass::elf64) {
  ElfSpec spec = plain_program({1, 2, 3}, elf_class);
  spec.add_symbols(
      {{},
       {.name = "_start", .value = 0x80000000, .size = 12},
       {.name = "buffer", .value = 0x10, .size = 0x1000, .type = 1, .section = 0xfff1}});
  return spec;
}

TEST(ElfSymbols, AreReadInBothClasses) {
  for (const ElfClass elf_class : {ElfClass::elf32, ElfClass::elf64}) {
    const auto symbols = symbols_of(program_with_symbols(elf_class));
    ASSERT_TRUE(succeeds(symbols));
    ASSERT_EQ(symbols->size(), 3U);
    EXPECT_EQ((*symbols)[1].name, "_start");
    EXPECT_EQ((*symbols)[1].value, 0x80000000U);
    EXPECT_EQ((*symbols)[1].size, 12U);
    EXPECT_EQ((*symbols)[1].type, 2);
    EXPECT_EQ((*symbols)[1].section, 1);
    EXPECT_EQ((*symbols)[2].name, "buffer");
    EXPECT_EQ((*symbols)[2].type, 1);
    EXPECT_EQ((*symbols)[2].section, 0xfff1);
  }
}

TEST(ElfSymbols, OfTheBundledLoaderHaveItsEntry) {
  for (const char* const machine : {"rv64", "rv32"}) {
    SCOPED_TRACE(machine);
    const Bytes file = read_vector_file(std::string("bundled/") + machine + "/loader.elf");
    const ArraySource source(file);
    const auto elf = ElfView::parse(source);
    ASSERT_TRUE(succeeds(elf));
    const auto symbols = elf->symbols(source);
    ASSERT_TRUE(succeeds(symbols));
    EXPECT_TRUE(std::any_of(symbols->begin(), symbols->end(),
                            [](const ElfSymbol& symbol) { return symbol.name == "_start"; }));
  }
}

TEST(ElfSymbols, AreNoneWithoutATable) {
  const auto symbols = symbols_of(plain_program({1}));
  ASSERT_TRUE(succeeds(symbols));
  EXPECT_TRUE(symbols->empty());
}

TEST(ElfSymbols, AreRefusedWhenTheTableIsOutsideTheFile) {
  ElfSpec spec = program_with_symbols();
  const std::uint64_t size = build_elf(spec).size();
  for (const std::uint64_t wrong : {size - 71, size, UINT64_MAX, UINT64_MAX - 71}) {
    spec.sections[kSymtab].offset = wrong;
    EXPECT_TRUE(fails_with(symbols_of(spec), ErrorCode::malformed, "symbol table"));
  }
}

TEST(ElfSymbols, AreRefusedWithEveryOtherEntrySize) {
  for (const std::uint64_t wrong : {0U, 16U, 23U, 25U, 72U}) {
    ElfSpec spec = program_with_symbols();
    spec.sections[kSymtab].entsize = wrong;
    EXPECT_TRUE(fails_with(symbols_of(spec), ErrorCode::malformed, "symbol table"));
  }
}

TEST(ElfSymbols, AreRefusedWhenTheirStringsDoNotExist) {
  for (const std::uint32_t wrong : {5U, 6U, 0xffffffffU}) {
    ElfSpec spec = program_with_symbols();
    spec.sections[kSymtab].link = wrong;
    EXPECT_TRUE(fails_with(symbols_of(spec), ErrorCode::malformed, "symbol table"));
  }
}

TEST(ElfSymbols, AreRefusedWhenTheirStringsAreOutsideTheFile) {
  ElfSpec spec = program_with_symbols();
  spec.sections[kStrtab].size = build_elf(spec).size();
  EXPECT_TRUE(fails_with(symbols_of(spec), ErrorCode::malformed, "symbol names"));
}

TEST(ElfSymbols, AreRefusedAboveTheLimitBeforeTheTableIsRead) {
  ElfSpec spec = program_with_symbols();
  spec.sections[kSymtab].size = (ElfView::kMaxSymbols + 1) * 24;
  const SparseSource source(build_elf(spec), std::uint64_t{1} << 30U);
  const auto elf = ElfView::parse(source);
  ASSERT_TRUE(succeeds(elf));
  EXPECT_TRUE(fails_with(elf->symbols(source), ErrorCode::limit_exceeded, "symbol table"));
  EXPECT_LT(source.bytes_read(), 1000U);
}

TEST(ElfSymbols, ReportWhatCannotBeRead) {
  const Bytes file = build_elf(program_with_symbols());
  const auto elf = ElfView::parse(ArraySource(file));
  ASSERT_TRUE(succeeds(elf));
  EXPECT_TRUE(fails_with(elf->symbols(FailingSource(file)), ErrorCode::unreadable,
                         FailingSource::kMessage));
}

}  // namespace
}  // namespace keystone::elf_symbols_test
