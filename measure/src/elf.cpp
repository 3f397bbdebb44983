// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/elf.hpp"

#include "elf_strings.hpp"
#include "elf_structures.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <array>

namespace keystone {

using elf::Fields;
using elf::sizes_of;

namespace {

constexpr std::array<std::uint8_t, 4> kMagic = {0x7f, 'E', 'L', 'F'};
constexpr std::size_t kIdentSize = 16;
constexpr std::size_t kLargestHeader = 64;
constexpr std::uint8_t kLittleEndian = 1;     // EI_DATA = ELFDATA2LSB
constexpr std::uint32_t kSectionSymbols = 2;  // SHT_SYMTAB

tl::unexpected<Error> malformed(std::string message) {
  return fail(ErrorCode::malformed, std::move(message));
}

Result<FileRange> range_in_file(std::uint64_t offset, std::uint64_t size, std::uint64_t file_size,
                                std::string_view what) {
  if (!fits(offset, size, file_size)) {
    return fail(ErrorCode::malformed,
                std::string(what) + ": " + std::to_string(size) + " bytes at " +
                    to_hex_number(offset) + " reach beyond the file of " +
                    std::to_string(file_size) + " bytes",
                "was the file cut short?");
  }
  return FileRange{offset, size};
}

// `count` entries of `entry_size` bytes at `offset`, read whole.
Result<std::vector<std::uint8_t>> read_table(const ByteSource& source, std::string_view what,
                                             std::uint64_t offset, std::uint64_t count,
                                             std::size_t entry_size) {
  const std::uint64_t size = count * entry_size;  // at most 2^20 entries of 64 bytes
  KEYSTONE_CHECK_OK(range_in_file(offset, size, source.size(), what));
  std::vector<std::uint8_t> bytes(narrow<std::size_t>(size));
  KEYSTONE_CHECK_OK(source.read_at(offset, bytes));
  return bytes;
}

}  // namespace

Result<bool> looks_like_elf(const ByteSource& source) {
  std::array<std::uint8_t, kMagic.size()> start{};
  if (source.size() < start.size()) {
    return false;
  }
  KEYSTONE_CHECK_OK(source.read_at(0, start));
  return start == kMagic;
}

std::string why_no_riscv_program(const ElfView& elf) {
  if (elf.machine() != kElfMachineRiscv) {
    return "an ELF file for machine " + std::to_string(elf.machine()) + ", not for RISC-V (" +
           std::to_string(kElfMachineRiscv) + ")";
  }
  return elf.type() == kElfRelocatable ? "an object file that is not linked" : "";
}

Result<FileRange> contents_of(const ElfSegment& segment, std::uint64_t file_size,
                              std::string_view what) {
  return range_in_file(segment.offset, segment.filesz, file_size, what);
}

Result<FileRange> contents_of(const ElfSection& section, std::uint64_t file_size,
                              std::string_view what) {
  if (section.type == kSectionNoBits) {
    return FileRange{0, 0};  // its offset need not be in the file
  }
  return range_in_file(section.offset, section.size, file_size, what);
}

// Fills an ElfView step by step from the source.
class ElfReader {
 public:
  explicit ElfReader(const ByteSource& source) : source_(source) {}

  Result<ElfView> read() {
    KEYSTONE_CHECK_OK(read_ident());
    KEYSTONE_CHECK_OK(read_header());
    KEYSTONE_CHECK_OK(read_segments());
    KEYSTONE_CHECK_OK(read_sections());
    return std::move(view_);
  }

 private:
  struct Table {
    std::uint64_t offset = 0;
    std::uint16_t entry_size = 0;
    std::uint16_t count = 0;
  };

  Status read_ident() {
    KEYSTONE_TRY(const bool is_elf, looks_like_elf(source_));
    if (!is_elf) {
      return malformed("not an ELF file");
    }
    std::array<std::uint8_t, kIdentSize> ident{};
    if (source_.size() < ident.size()) {
      return malformed("ELF header: the file ends within it");
    }
    KEYSTONE_CHECK_OK(source_.read_at(0, ident));
    if (ident[4] != 1 && ident[4] != 2) {
      return malformed("ELF class: got " + std::to_string(ident[4]) + ", want 1 or 2");
    }
    if (ident[5] != kLittleEndian) {
      return malformed("ELF data encoding: got " + std::to_string(ident[5]) +
                       ", want 1 (little-endian)");
    }
    view_.class_ = static_cast<ElfClass>(ident[4]);
    return {};
  }

  Status read_header() {
    std::array<std::uint8_t, kLargestHeader> bytes{};
    const auto header = std::span(bytes).first(sizes_of(view_.class_).header);
    if (source_.size() < header.size()) {
      return malformed("ELF header: the file ends within it");
    }
    KEYSTONE_CHECK_OK(source_.read_at(0, header));
    Fields fields(ByteView(header).subspan(kIdentSize), view_.class_);
    view_.type_ = fields.u16();
    view_.machine_ = fields.u16();
    (void)fields.u32();  // e_version
    view_.entry_ = fields.word();
    segments_.offset = fields.word();
    sections_.offset = fields.word();
    (void)fields.u32();  // e_flags
    (void)fields.u16();  // e_ehsize
    segments_.entry_size = fields.u16();
    segments_.count = fields.u16();
    sections_.entry_size = fields.u16();
    sections_.count = fields.u16();
    names_section_ = fields.u16();
    return {};
  }

  Status read_segments() {
    const std::size_t size = sizes_of(view_.class_).segment;
    KEYSTONE_CHECK_OK(check_entry_size("program header", segments_, size));
    KEYSTONE_TRY(const auto bytes,
                 read_table(source_, "program headers", segments_.offset, segments_.count, size));
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      view_.segments_.push_back(elf::segment_from(ByteView(bytes).subspan(at, size), view_.class_));
    }
    return {};
  }

  Status read_sections() {
    const std::size_t size = sizes_of(view_.class_).section;
    KEYSTONE_CHECK_OK(check_entry_size("section header", sections_, size));
    KEYSTONE_TRY(const auto bytes,
                 read_table(source_, "section headers", sections_.offset, sections_.count, size));
    std::vector<std::uint32_t> names;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      auto raw = elf::section_from(ByteView(bytes).subspan(at, size), view_.class_);
      names.push_back(raw.name_offset);
      view_.sections_.push_back(std::move(raw.value));
    }
    return name_sections(names);
  }

  Status name_sections(const std::vector<std::uint32_t>& offsets) {
    if (offsets.empty() || names_section_ == 0) {
      return {};  // SHN_UNDEF: sections have no names
    }
    if (names_section_ >= offsets.size()) {
      return malformed("section names: got section " + std::to_string(names_section_) + " of " +
                       std::to_string(offsets.size()));
    }
    KEYSTONE_TRY(const auto strings,
                 elf::Strings::read(source_, view_.sections_[names_section_], "section names"));
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      view_.sections_[i].name = strings.at(offsets[i]);
    }
    return {};
  }

  static Status check_entry_size(std::string_view what, const Table& table, std::size_t want) {
    if (table.count != 0 && table.entry_size != want) {
      return malformed(std::string(what) + " size: got " + std::to_string(table.entry_size) +
                       ", want " + std::to_string(want));
    }
    return {};
  }

  const ByteSource& source_;
  ElfView view_;
  Table segments_;
  Table sections_;
  std::uint16_t names_section_ = 0;
};

Result<ElfView> ElfView::parse(const ByteSource& source) {
  return ElfReader(source).read();
}

Result<std::vector<ElfSymbol>> ElfView::symbols(const ByteSource& source) const {
  const auto table =
      std::find_if(sections_.begin(), sections_.end(),
                   [](const ElfSection& section) { return section.type == kSectionSymbols; });
  if (table == sections_.end()) {
    return std::vector<ElfSymbol>();
  }
  const std::size_t size = sizes_of(class_).symbol;
  if (table->entsize != size || table->link >= sections_.size()) {
    return malformed("symbol table: its entry size or its string table is wrong");
  }
  if (table->size / size > kMaxSymbols) {
    return fail(ErrorCode::limit_exceeded,
                "symbol table: got " + std::to_string(table->size / size) +
                    " symbols, want at most " + std::to_string(kMaxSymbols));
  }
  KEYSTONE_TRY(const auto strings,
               elf::Strings::read(source, sections_[table->link], "symbol names"));
  KEYSTONE_TRY(const auto bytes,
               read_table(source, "symbol table", table->offset, table->size / size, size));
  std::vector<ElfSymbol> symbols;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    auto raw = elf::symbol_from(ByteView(bytes).subspan(at, size), class_);
    raw.value.name = strings.at(raw.name_offset);
    symbols.push_back(std::move(raw.value));
  }
  return symbols;
}

}  // namespace keystone
