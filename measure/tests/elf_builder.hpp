// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/elf.hpp"
#include "keystone/testing/vectors.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// ELF files as tests need them: whole by default, and wrong in exactly the field that a test sets.
namespace keystone::testing {

struct SegmentSpec {
  Bytes content{};  // stored at a place of its own
  std::uint64_t vaddr = 0;
  std::uint64_t paddr = 0;
  std::uint32_t type = kSegmentLoad;
  std::optional<std::uint64_t> offset{};  // default: where the content is
  std::optional<std::uint64_t> filesz{};  // default: the content's size
  std::optional<std::uint64_t> memsz{};   // default: filesz
};

struct SectionSpec {
  std::string name{};
  Bytes content{};
  std::uint32_t type = 1;                 // SHT_PROGBITS
  std::optional<std::uint64_t> offset{};  // default: where the content is
  std::optional<std::uint64_t> size{};    // default: the content's size
  std::uint32_t link = 0;
  std::uint64_t entsize = 0;
  std::uint64_t addr = 0;
  std::uint64_t flags = 0;
};

struct SymbolSpec {
  std::string name{};
  std::uint64_t value = 0;
  std::uint64_t size = 0;
  std::uint8_t type = 2;  // STT_FUNC
  std::uint16_t section = 1;
};

struct ElfSpec {
  ElfClass elf_class = ElfClass::elf64;
  std::uint16_t machine = kElfMachineRiscv;
  std::uint16_t file_type = 2;  // ET_EXEC
  std::uint64_t entry = 0;
  std::vector<SegmentSpec> segments{};
  std::vector<SectionSpec> sections{};  // between section 0 and the section names, which are added
  SectionSpec section_0{.type = 0, .offset = 0};

  // Header fields that tell something else than the file has.
  std::optional<std::uint8_t> class_byte{}, data_byte{};
  std::optional<std::uint64_t> phoff{}, shoff{};
  std::optional<std::uint16_t> phentsize{}, phnum{}, shentsize{}, shnum{}, shstrndx{};
  std::optional<std::uint64_t> names_offset{}, names_size{};  // of the section names
  std::optional<std::uint32_t> names_type{};
  std::optional<std::uint32_t> name_of_all{};  // every section's offset into the section names

  // Adds a symbol table and its strings: the next two sections.
  void add_symbols(const std::vector<SymbolSpec>& symbols);
};

[[nodiscard]] Bytes build_elf(ElfSpec spec);

// The plainest program that every profile takes: one segment at address 0 and a section .text, both
// with `text` in them.
[[nodiscard]] ElfSpec plain_program(const Bytes& text, ElfClass elf_class = ElfClass::elf64);

}  // namespace keystone::testing
