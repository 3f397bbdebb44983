// SPDX-License-Identifier: Apache-2.0
#include "elf_structures.hpp"

#include "keystone/base/assert.hpp"

namespace keystone::elf {
namespace {

constexpr Sizes kSizes32 = {4, 52, 32, 40, 16};
constexpr Sizes kSizes64 = {8, 64, 56, 64, 24};

}  // namespace

const Sizes& sizes_of(ElfClass elf_class) {
  return elf_class == ElfClass::elf32 ? kSizes32 : kSizes64;
}

std::uint64_t Fields::take(std::size_t size) {
  KEYSTONE_ASSERT(size <= bytes_.size());
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8U | bytes_[i];
  }
  bytes_ = bytes_.subspan(size);
  return value;
}

ElfSegment segment_from(ByteView bytes, ElfClass elf_class) {
  Fields fields(bytes, elf_class);
  ElfSegment segment{};
  segment.type = fields.u32();
  if (elf_class == ElfClass::elf64) {
    segment.flags = fields.u32();  // in the 32-bit structure it stands behind memsz
  }
  segment.offset = fields.word();
  segment.vaddr = fields.word();
  segment.paddr = fields.word();
  segment.filesz = fields.word();
  segment.memsz = fields.word();
  if (elf_class == ElfClass::elf32) {
    segment.flags = fields.u32();
  }
  return segment;
}

Unnamed<ElfSection> section_from(ByteView bytes, ElfClass elf_class) {
  Fields fields(bytes, elf_class);
  Unnamed<ElfSection> raw{fields.u32(), {}};
  ElfSection& section = raw.value;
  section.type = fields.u32();
  section.flags = fields.word();
  section.addr = fields.word();
  section.offset = fields.word();
  section.size = fields.word();
  section.link = fields.u32();
  (void)fields.u32();   // sh_info
  (void)fields.word();  // sh_addralign
  section.entsize = fields.word();
  return raw;
}

Unnamed<ElfSymbol> symbol_from(ByteView bytes, ElfClass elf_class) {
  Fields fields(bytes, elf_class);
  Unnamed<ElfSymbol> raw{fields.u32(), {}};
  ElfSymbol& symbol = raw.value;
  const auto value_and_size = [&] {
    symbol.value = fields.word();
    symbol.size = fields.word();
  };
  if (elf_class == ElfClass::elf32) {
    value_and_size();
  }
  symbol.type = fields.u8() & 0x0fU;
  (void)fields.u8();  // st_other
  symbol.section = fields.u16();
  if (elf_class == ElfClass::elf64) {
    value_and_size();
  }
  return raw;
}

}  // namespace keystone::elf
