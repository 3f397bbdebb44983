// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "elf_structures.hpp"
#include "keystone/measure/byte_source.hpp"
#include "keystone/measure/elf.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// A program as stripped() takes it apart: with all fields of its sections and symbols, which are
// written again. Figures as in elf_structures.hpp.
namespace keystone::strip {

// System V ABI, "Sections" and "Symbol Table"; RISC-V ELF psABI.
inline constexpr std::uint32_t kNullSection = 0;          // SHT_NULL
inline constexpr std::uint32_t kSymbolTable = 2;          // SHT_SYMTAB
inline constexpr std::uint32_t kStringTable = 3;          // SHT_STRTAB
inline constexpr std::uint32_t kRelocationsAdd = 4;       // SHT_RELA
inline constexpr std::uint32_t kRelocations = 9;          // SHT_REL
inline constexpr std::uint64_t kAllocated = 0x2;          // SHF_ALLOC
inline constexpr std::uint64_t kInfoIsSection = 0x40;     // SHF_INFO_LINK
inline constexpr std::uint32_t kAttributes = 0x70000003;  // SHT_ and PT_RISCV_ATTRIBUTES
inline constexpr std::uint16_t kFirstReserved = 0xff00;   // SHN_LORESERVE
inline constexpr std::uint16_t kExtendedIndex = 0xffff;   // SHN_XINDEX
inline constexpr std::uint8_t kSectionSymbol = 3;         // STT_SECTION
inline constexpr std::uint8_t kFileSymbol = 4;            // STT_FILE

// .symtab, .strtab and .shstrtab are written anew.
inline constexpr std::size_t kNewTables = 3;

struct Section {
  std::string_view name{};
  std::uint32_t type = 0;
  std::uint64_t flags = 0;
  std::uint64_t addr = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t link = 0;
  std::uint32_t info = 0;
  std::uint64_t align = 0;
  std::uint64_t entsize = 0;

  [[nodiscard]] bool is_allocated() const { return (flags & kAllocated) != 0; }
  // Whether the file holds its contents.
  [[nodiscard]] bool is_stored() const { return type != kNullSection && type != kSectionNoBits; }
};

struct Symbol {
  std::string_view name{};
  std::uint8_t info = 0;  // binding and type
  std::uint8_t other = 0;
  std::uint16_t section = 0;
  std::uint64_t value = 0;
  std::uint64_t size = 0;

  [[nodiscard]] std::uint8_t type() const { return info & 0x0fU; }
  [[nodiscard]] bool is_local() const { return info >> 4U == 0; }  // STB_LOCAL
};

// A whole file in memory. The names are views into it: it moves, and is not copied.
struct Program {
  ElfClass elf_class;
  std::vector<std::uint8_t> bytes;
  std::size_t headers_end;  // of the file header and the program headers behind it
  std::vector<ElfSegment> segments;
  std::vector<Section> sections;       // the null section too
  std::size_t section_names;           // the number of a section
  std::optional<std::size_t> symbols;  // the same of the symbol table

  Program() = default;
  Program(Program&&) = default;
  Program& operator=(Program&&) = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() = default;

  // The contents, which lie in the file: read_program() saw to it.
  [[nodiscard]] ByteView contents(const Section& section) const;
};

// Reads the file. Fails as stripped() does, for what no kind of stripping takes.
[[nodiscard]] Result<Program> read_program(const ByteSource& source);

// The symbols of the program's symbol table, without the null symbol.
[[nodiscard]] Result<std::vector<Symbol>> read_symbols(const Program& program);

// Structures, put together field by field. A value that its field cannot hold is cut: each of
// them comes of a field of that size, or is below kMaxStripped.
class Writer {
 public:
  explicit Writer(ElfClass elf_class) : elf_class_(elf_class) {}

  void number(std::uint64_t value, std::size_t size);
  void word(std::uint64_t value) { number(value, elf::sizes_of(elf_class_).word); }
  void section(const Section& section, std::uint32_t name);
  void symbol(const Symbol& symbol, std::uint32_t name);

  [[nodiscard]] ByteView bytes() const { return bytes_; }

 private:
  ElfClass elf_class_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace keystone::strip
