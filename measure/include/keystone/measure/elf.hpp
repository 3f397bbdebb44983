// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/byte_source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A bounds-checked view of an ELF file (System V ABI, "Object Files"; RISC-V ELF psABI). Only
// little-endian files are read.
namespace keystone {

enum class ElfClass : std::uint8_t { elf32 = 1, elf64 = 2 };  // EI_CLASS

inline constexpr std::uint16_t kElfMachineRiscv = 243;  // EM_RISCV, RISC-V ELF psABI
inline constexpr std::uint16_t kElfRelocatable = 1;     // ET_REL
inline constexpr std::uint32_t kSegmentLoad = 1;        // PT_LOAD
inline constexpr std::uint32_t kSectionNoBits = 8;      // SHT_NOBITS

struct ElfSegment {
  std::uint32_t type;
  std::uint32_t flags;
  std::uint64_t offset;  // in the file, in bytes
  std::uint64_t vaddr;
  std::uint64_t paddr;
  std::uint64_t filesz;
  std::uint64_t memsz;
};

struct ElfSection {
  std::string name;  // cut at 255 bytes
  std::uint32_t type;
  std::uint64_t flags;
  std::uint64_t addr;
  std::uint64_t offset;
  std::uint64_t size;
  std::uint32_t link;
  std::uint64_t entsize;
};

struct ElfSymbol {
  std::string name;  // cut at 255 bytes
  std::uint64_t value;
  std::uint64_t size;
  std::uint8_t type;  // STT_FUNC = 2, STT_OBJECT = 1, ...
  std::uint16_t section;
};

// Whether the source starts with the ELF magic number.
[[nodiscard]] Result<bool> looks_like_elf(const ByteSource& source);

// The headers of one file. What parse() accepts has its header, its program header table and its
// section header table inside the file, with entries of the standard size; the ranges that entries
// speak of (segment and section contents) are checked where they are used.
class ElfView {
 public:
  // Reads the headers; the source is used again only by the calls that take it. Fails with
  // `malformed`, and with the source's own Errors. Memory: at most 64 Ki entries of each table.
  [[nodiscard]] static Result<ElfView> parse(const ByteSource& source);

  [[nodiscard]] ElfClass elf_class() const { return class_; }
  [[nodiscard]] std::uint16_t type() const { return type_; }
  [[nodiscard]] std::uint16_t machine() const { return machine_; }
  [[nodiscard]] std::uint64_t entry() const { return entry_; }
  [[nodiscard]] const std::vector<ElfSegment>& segments() const { return segments_; }
  [[nodiscard]] const std::vector<ElfSection>& sections() const { return sections_; }

  // The symbols of the file's symbol table, none if it has no such table. `limit_exceeded` above
  // kMaxSymbols, `malformed` for a table outside the file.
  static constexpr std::uint64_t kMaxSymbols = 1'000'000;
  [[nodiscard]] Result<std::vector<ElfSymbol>> symbols(const ByteSource& source) const;

 private:
  ElfView() = default;
  friend class ElfReader;

  ElfClass class_ = ElfClass::elf64;
  std::uint16_t type_ = 0;
  std::uint16_t machine_ = 0;
  std::uint64_t entry_ = 0;
  std::vector<ElfSegment> segments_;
  std::vector<ElfSection> sections_;
};

// Why no RISC-V machine can start the file as it is: "an ELF file for machine 62, ..."; empty if
// nothing speaks against it.
[[nodiscard]] std::string why_no_riscv_program(const ElfView& elf);

// A range of a file.
struct FileRange {
  std::uint64_t offset;
  std::uint64_t size;
};

// The contents of a segment or section in a file of `file_size` bytes; `malformed`, naming `what`,
// if they reach beyond it.
[[nodiscard]] Result<FileRange> contents_of(const ElfSegment& segment, std::uint64_t file_size,
                                            std::string_view what);
[[nodiscard]] Result<FileRange> contents_of(const ElfSection& section, std::uint64_t file_size,
                                            std::string_view what);

}  // namespace keystone
