// SPDX-License-Identifier: Apache-2.0
#include "elf_names.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/measure/profile.hpp"

#include <optional>

namespace keystone {
namespace {

constexpr std::uint32_t kSectionNull = 0;       // SHT_NULL
constexpr std::uint64_t kSectionAlloc = 0x2;    // SHF_ALLOC
constexpr std::uint64_t kSectionTls = 0x400;    // SHF_TLS
constexpr std::uint16_t kUndefined = 0;         // SHN_UNDEF
constexpr std::uint8_t kSymbolObject = 1;       // STT_OBJECT
constexpr std::uint8_t kSymbolFunction = 2;     // STT_FUNC
constexpr std::string_view kMoreNames = "...";  // a label that was cut ends so

// Whether a reader of names can go on without this value: the file's tables are damaged, or larger
// than anybody's.
bool is_damage(const Error& error) {
  return error.code == ErrorCode::malformed || error.code == ErrorCode::limit_exceeded;
}

bool has_only_memory(const ElfSection& section) {
  // Zeros of thread-local data are in no memory: each thread makes its own (System V ABI).
  return section.type == kSectionNoBits && (section.flags & kSectionAlloc) != 0 &&
         (section.flags & kSectionTls) == 0;
}

// The section that a function or an object with a name and a size lies in, if it does.
const ElfSection* section_of(const ElfSymbol& symbol, const std::vector<ElfSection>& sections) {
  const bool is_thing = symbol.type == kSymbolFunction || symbol.type == kSymbolObject;
  if (!is_thing || symbol.size == 0 || symbol.name.empty() || symbol.section == kUndefined ||
      symbol.section >= sections.size()) {
    return nullptr;
  }
  const ElfSection& section = sections[symbol.section];
  const bool lies_in =
      symbol.value >= section.addr && fits(symbol.value - section.addr, symbol.size, section.size);
  return lies_in ? &section : nullptr;
}

// The bytes of a symbol that lies in `section`, if that has any in the file.
std::optional<FileRange> bytes_of(const ElfSymbol& symbol, const ElfSection& section,
                                  std::uint64_t file_size) {
  const auto contents = contents_of(section, file_size, section.name);
  if (!contents || contents->size != section.size) {
    return std::nullopt;
  }
  return FileRange{contents->offset + (symbol.value - section.addr), symbol.size};
}

}  // namespace

Result<ElfNames> ElfNames::read(const ByteSource& source, bool symbols) {
  ElfNames names;
  const auto elf = ElfView::parse(source);
  if (!elf) {
    return is_damage(elf.error()) ? Result<ElfNames>(std::move(names)) : fail(elf.error());
  }
  names.take_sections(elf->sections(), source.size());
  if (symbols) {
    auto table = elf->symbols(source);
    if (table) {
      names.take_symbols(*std::move(table), elf->sections(), source.size());
    } else if (!is_damage(table.error())) {
      return fail(std::move(table).error());
    }
  }
  return names;
}

void ElfNames::take_sections(const std::vector<ElfSection>& sections, std::uint64_t file_size) {
  std::vector<NamedSpans::Span> in_file;
  std::vector<NamedSpans::Span> in_memory;
  for (const ElfSection& section : sections) {
    if (section.name.empty() || section.type == kSectionNull) {
      continue;
    }
    if (has_only_memory(section)) {
      in_memory.push_back({section.addr, section.size, section.name});
    } else if (const auto range = contents_of(section, file_size, section.name)) {
      in_file.push_back({range->offset, range->size, section.name});
    }
  }
  file_sections_ = NamedSpans(std::move(in_file));
  memory_sections_ = NamedSpans(std::move(in_memory));
}

void ElfNames::take_symbols(std::vector<ElfSymbol> symbols, const std::vector<ElfSection>& sections,
                            std::uint64_t file_size) {
  std::vector<NamedSpans::Span> in_file;
  std::vector<NamedSpans::Span> in_memory;
  for (ElfSymbol& symbol : symbols) {
    const ElfSection* const section = section_of(symbol, sections);
    if (section == nullptr) {
      continue;
    }
    const bool spans_pages = symbol.size >= kPageSize;  // or it spans no page whole
    if (has_only_memory(*section)) {
      if (spans_pages) {
        in_memory.push_back({symbol.value, symbol.size, std::move(symbol.name)});
      }
    } else if (const auto file = bytes_of(symbol, *section, file_size)) {
      if (spans_pages) {
        in_file.push_back({file->offset, file->size, symbol.name});
      }
      if (symbol.type == kSymbolFunction) {
        functions_.push_back({std::move(symbol.name), symbol.value, *file});
      }
    }
  }
  file_symbols_ = NamedSpans(std::move(in_file));
  memory_symbols_ = NamedSpans(std::move(in_memory));
}

NamedSpans::Run ElfNames::sections_in_file(const FileRange& range) const {
  return file_sections_.meeting(range.offset, range.size);
}

NamedSpans::Run ElfNames::sections_in_memory(std::uint64_t address, std::uint64_t size) const {
  return memory_sections_.meeting(address, size);
}

std::string ElfNames::label(const Run& in_file, const Run& in_memory) const {
  std::string label;
  const auto add = [&label](std::string_view name) {
    const bool fits_in = label.size() + name.size() + 2 <= kLongestLabel;
    label += label.empty() ? "" : ", ";
    label += fits_in ? name : kMoreNames;
    return fits_in;
  };
  for (std::size_t i = in_file.first; i < in_file.last; ++i) {
    if (!add(file_sections_.name(i))) {
      return label;
    }
  }
  for (std::size_t i = in_memory.first; i < in_memory.last; ++i) {
    if (!add(memory_sections_.name(i))) {
      return label;
    }
  }
  return label;
}

std::string_view ElfNames::symbol_over(const FileRange& range) const {
  return range.size == 0 ? std::string_view() : file_symbols_.covering(range.offset, range.size);
}

std::string_view ElfNames::symbol_over_memory(std::uint64_t address, std::uint64_t size) const {
  return memory_symbols_.covering(address, size);
}

}  // namespace keystone
