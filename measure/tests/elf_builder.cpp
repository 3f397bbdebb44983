// SPDX-License-Identifier: Apache-2.0
#include "elf_builder.hpp"

namespace keystone::testing {
namespace {

// Appends fields as the file has them (System V ABI, "Object Files").
class Writer {
 public:
  explicit Writer(ElfClass elf_class) : word_(elf_class == ElfClass::elf64 ? 8 : 4) {}

  void put(std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
      out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
  }
  void u8(std::uint64_t value) { put(value, 1); }
  void u16(std::uint64_t value) { put(value, 2); }
  void u32(std::uint64_t value) { put(value, 4); }
  void word(std::uint64_t value) { put(value, word_); }

  // Appends `bytes`; returns where they start.
  std::uint64_t append(const Bytes& bytes) {
    const std::uint64_t start = out_.size();
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return start;
  }

  [[nodiscard]] bool is_64() const { return word_ == 8; }
  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  std::size_t word_;
  Bytes out_;
};

// Strings, each with its zero byte, behind an empty one.
class StringTable {
 public:
  std::uint64_t add(const std::string& text) {
    const std::uint64_t start = bytes_.size();
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    bytes_.push_back(0);
    return start;
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_ = {0};
};

void write_header(Writer& out, const ElfSpec& spec, std::uint64_t section_table) {
  const bool is_64 = out.is_64();
  out.append({0x7f, 'E', 'L', 'F'});
  out.u8(spec.class_byte.value_or(static_cast<std::uint8_t>(spec.elf_class)));
  out.u8(spec.data_byte.value_or(1));
  out.append(Bytes{1, 0, 0, 0, 0, 0, 0, 0, 0, 0});  // EV_CURRENT, ABI, padding
  out.u16(spec.file_type);
  out.u16(spec.machine);
  out.u32(1);
  out.word(spec.entry);
  out.word(spec.phoff.value_or(is_64 ? 64 : 52));
  out.word(spec.shoff.value_or(section_table));
  out.u32(0);
  out.u16(is_64 ? 64 : 52);
  out.u16(spec.phentsize.value_or(is_64 ? 56 : 32));
  out.u16(spec.phnum.value_or(static_cast<std::uint16_t>(spec.segments.size())));
  out.u16(spec.shentsize.value_or(is_64 ? 64 : 40));
  out.u16(spec.shnum.value_or(static_cast<std::uint16_t>(spec.sections.size())));
  out.u16(spec.shstrndx.value_or(static_cast<std::uint16_t>(spec.sections.size() - 1)));
}

void write_segment(Writer& out, const SegmentSpec& segment) {
  const std::uint64_t filesz = segment.filesz.value_or(segment.content.size());
  out.u32(segment.type);
  if (out.is_64()) {
    out.u32(7);
  }
  out.word(*segment.offset);
  out.word(segment.vaddr);
  out.word(segment.paddr);
  out.word(filesz);
  out.word(segment.memsz.value_or(filesz));
  if (!out.is_64()) {
    out.u32(7);
  }
  out.word(4096);
}

void write_section(Writer& out, const SectionSpec& section, std::uint64_t name) {
  out.u32(name);
  out.u32(section.type);
  out.word(section.flags);
  out.word(section.addr);
  out.word(*section.offset);
  out.word(section.size.value_or(section.content.size()));
  out.u32(section.link);
  out.u32(0);
  out.word(1);
  out.word(section.entsize);
}

// Lays out the contents behind the program headers; returns where the section headers go.
std::uint64_t place_contents(ElfSpec& spec, Writer& contents, std::uint64_t start) {
  for (SegmentSpec& segment : spec.segments) {
    const std::uint64_t at = start + contents.append(segment.content);
    segment.offset = segment.offset.value_or(at);
  }
  for (SectionSpec& section : spec.sections) {
    const std::uint64_t at = start + contents.append(section.content);
    section.offset = section.offset.value_or(at);
  }
  return start + contents.size();
}

}  // namespace

Bytes build_elf(ElfSpec spec) {
  StringTable names;
  std::vector<std::uint64_t> name_offsets;
  spec.sections.insert(spec.sections.begin(), spec.section_0);
  spec.sections.push_back({.name = ".shstrtab", .type = spec.names_type.value_or(3)});
  for (const SectionSpec& section : spec.sections) {
    name_offsets.push_back(spec.name_of_all.value_or(names.add(section.name)));
  }
  spec.sections.back().content = names.bytes();
  spec.sections.back().offset = spec.names_offset;
  spec.sections.back().size = spec.names_size;

  Writer out(spec.elf_class);
  Writer contents(spec.elf_class);
  const std::uint64_t start =
      (out.is_64() ? 64 : 52) + spec.segments.size() * (out.is_64() ? 56 : 32);
  const std::uint64_t section_table = place_contents(spec, contents, start);
  write_header(out, spec, section_table);
  for (const SegmentSpec& segment : spec.segments) {
    write_segment(out, segment);
  }
  out.append(contents.take());
  for (std::size_t i = 0; i < spec.sections.size(); ++i) {
    write_section(out, spec.sections[i], name_offsets[i]);
  }
  return out.take();
}

void ElfSpec::add_symbols(const std::vector<SymbolSpec>& symbols) {
  StringTable names;
  Writer table(elf_class);
  const auto value_and_size = [&](const SymbolSpec& symbol) {
    table.word(symbol.value);
    table.word(symbol.size);
  };
  for (const SymbolSpec& symbol : symbols) {
    table.u32(names.add(symbol.name));
    if (!table.is_64()) {
      value_and_size(symbol);
    }
    table.u8(0x10U | symbol.type);  // STB_GLOBAL
    table.u8(0);
    table.u16(symbol.section);
    if (table.is_64()) {
      value_and_size(symbol);
    }
  }
  const auto strings = static_cast<std::uint32_t>(sections.size() + 2);  // section 0 comes first
  const std::uint64_t entsize = table.is_64() ? 24 : 16;
  sections.push_back({".symtab", table.take(), 2, {}, {}, strings, entsize});
  sections.push_back({.name = ".strtab", .content = names.bytes(), .type = 3});
}

ElfSpec plain_program(const Bytes& text, ElfClass elf_class) {
  return {.elf_class = elf_class,
          .segments = {{.content = text}},
          .sections = {{.name = ".text", .content = text}}};
}

}  // namespace keystone::testing
