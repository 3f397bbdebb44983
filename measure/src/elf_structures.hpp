// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/measure/elf.hpp"

#include <cstddef>
#include <cstdint>

// The fixed structures of an ELF file, decoded from their bytes.
namespace keystone::elf {

// Sizes in bytes (System V ABI, "ELF Header", "Program Header", "Sections", "Symbol Table").
struct Sizes {
  std::size_t word, header, segment, section, symbol;
};

[[nodiscard]] const Sizes& sizes_of(ElfClass elf_class);

// The fields of one structure, taken in file order. Taking more than there is aborts.
class Fields {
 public:
  Fields(ByteView bytes, ElfClass elf_class) : bytes_(bytes), word_(sizes_of(elf_class).word) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(take(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(take(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(take(4)); }
  std::uint64_t word() { return take(word_); }  // Elf32_Word/Addr/Off or Elf64_Xword/Addr/Off

 private:
  std::uint64_t take(std::size_t size);

  ByteView bytes_;
  std::size_t word_;
};

// A structure whose name is an offset into a string table.
template <class T>
struct Unnamed {
  std::uint32_t name_offset;
  T value;
};

// Each takes exactly one structure's bytes.
[[nodiscard]] ElfSegment segment_from(ByteView bytes, ElfClass elf_class);
[[nodiscard]] Unnamed<ElfSection> section_from(ByteView bytes, ElfClass elf_class);
[[nodiscard]] Unnamed<ElfSymbol> symbol_from(ByteView bytes, ElfClass elf_class);

}  // namespace keystone::elf
