// SPDX-License-Identifier: Apache-2.0
#include "stripped_elf.hpp"

#include "keystone/base/arithmetic.hpp"
#include "stripped.hpp"
#include "stripped_strings.hpp"

#include <string>

namespace keystone::strip {
namespace {

constexpr std::size_t kIdentSize = 16;
constexpr std::uint32_t kExtendedIndices = 18;  // SHT_SYMTAB_SHNDX
constexpr std::uint32_t kGroup = 17;            // SHT_GROUP
constexpr std::uint64_t kNameBudget = 4;        // times the file: names that share an end

// The fields of the file header that say where the tables are.
struct Tables {
  std::uint64_t segments;
  std::uint64_t sections;
  std::uint16_t names;
};

Tables tables_of(ByteView header, ElfClass elf_class) {
  elf::Fields fields(header.subspan(kIdentSize), elf_class);
  (void)fields.u32();   // e_type, e_machine
  (void)fields.u32();   // e_version
  (void)fields.word();  // e_entry
  Tables tables{fields.word(), fields.word(), 0};
  (void)fields.u32();  // e_flags
  for (int i = 0; i < 5; ++i) {
    (void)fields.u16();  // sizes and counts, which ElfView has seen
  }
  tables.names = fields.u16();
  return tables;
}

tl::unexpected<Error> malformed(std::string message) {
  return fail(ErrorCode::malformed, std::move(message));
}

Section section_at(elf::Fields fields) {
  Section section;
  section.type = fields.u32();
  section.flags = fields.word();
  section.addr = fields.word();
  section.offset = fields.word();
  section.size = fields.word();
  section.link = fields.u32();
  section.info = fields.u32();
  section.align = fields.word();
  section.entsize = fields.word();
  return section;
}

Symbol symbol_at(elf::Fields& fields, ElfClass elf_class) {
  Symbol symbol;
  const auto value_and_size = [&] {
    symbol.value = fields.word();
    symbol.size = fields.word();
  };
  if (elf_class == ElfClass::elf32) {
    value_and_size();
  }
  symbol.info = fields.u8();
  symbol.other = fields.u8();
  symbol.section = fields.u16();
  if (elf_class == ElfClass::elf64) {
    value_and_size();
  }
  return symbol;
}

// Each stored section lies in the file, and all together are no longer than it: none is copied
// twice.
Status check_contents(const Program& program) {
  std::uint64_t left = program.bytes.size();
  for (std::size_t i = 0; i < program.sections.size(); ++i) {
    const Section& section = program.sections[i];
    if (!section.is_stored()) {
      continue;
    }
    if (!fits(section.offset, section.size, program.bytes.size()) || section.size > left) {
      return malformed("section " + std::to_string(i) + ": got " + std::to_string(section.size) +
                       " bytes, want them in the file, apart from other sections");
    }
    left -= section.size;
  }
  return {};
}

Status find_symbols(Program& program) {
  for (std::size_t i = 0; i < program.sections.size(); ++i) {
    const std::uint32_t type = program.sections[i].type;
    if (type == kExtendedIndices || type == kGroup ||
        (type == kSymbolTable && program.symbols.has_value())) {
      return malformed("section " + std::to_string(i) + ": got type " + std::to_string(type) +
                       ", want a program with one symbol table");
    }
    if (type == kSymbolTable) {
      program.symbols = i;
    }
  }
  return {};
}

Status read_sections(Program& program, std::uint64_t offset, std::size_t count) {
  const std::size_t size = elf::sizes_of(program.elf_class).section;
  const auto table = ByteView(program.bytes).subspan(narrow<std::size_t>(offset), count * size);
  std::vector<std::uint32_t> names;
  for (std::size_t at = 0; at < table.size(); at += size) {
    elf::Fields fields(table.subspan(at, size), program.elf_class);
    names.push_back(fields.u32());
    program.sections.push_back(section_at(fields));
  }
  KEYSTONE_CHECK_OK(check_contents(program));
  if (names.empty() || !program.sections[program.section_names].is_stored()) {
    return malformed("section names: got none, want sections with names");
  }
  NameReader reader(program.contents(program.sections[program.section_names]),
                    kNameBudget * program.bytes.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    KEYSTONE_TRY(program.sections[i].name, reader.at(names[i]));
  }
  return find_symbols(program);
}

}  // namespace

ByteView Program::contents(const Section& section) const {
  return ByteView(bytes).subspan(narrow<std::size_t>(section.offset),
                                 narrow<std::size_t>(section.size));
}

Result<Program> read_program(const ByteSource& source) {
  if (source.size() > kMaxStripped) {
    return fail(ErrorCode::limit_exceeded, "size: got " + std::to_string(source.size()) +
                                               " bytes, want at most " +
                                               std::to_string(kMaxStripped));
  }
  KEYSTONE_TRY(const auto view, ElfView::parse(source));
  if (const std::string why = why_no_riscv_program(view); !why.empty()) {
    return malformed(why);
  }
  Program program;
  program.elf_class = view.elf_class();
  program.bytes.resize(narrow<std::size_t>(source.size()));
  KEYSTONE_CHECK_OK(source.read_at(0, program.bytes));
  const elf::Sizes& sizes = elf::sizes_of(program.elf_class);
  const Tables tables = tables_of(program.bytes, program.elf_class);
  program.segments = view.segments();
  program.headers_end = sizes.header + program.segments.size() * sizes.segment;
  program.section_names = tables.names;
  if (!program.segments.empty() && tables.segments != sizes.header) {
    return malformed("program headers: got offset " + std::to_string(tables.segments) +
                     ", want them behind the file header");
  }
  KEYSTONE_CHECK_OK(read_sections(program, tables.sections, view.sections().size()));
  return program;
}

Result<std::vector<Symbol>> read_symbols(const Program& program) {
  const Section& table = program.sections[*program.symbols];
  const std::size_t size = elf::sizes_of(program.elf_class).symbol;
  if (table.entsize != size || table.size < size || table.link >= program.sections.size() ||
      !program.sections[table.link].is_stored()) {
    return malformed("symbol table: its entry size or its string table is wrong");
  }
  NameReader names(program.contents(program.sections[table.link]),
                   kNameBudget * program.bytes.size());
  const ByteView bytes = program.contents(table);
  std::vector<Symbol> symbols;
  for (std::size_t at = size; at + size <= bytes.size(); at += size) {
    elf::Fields fields(bytes.subspan(at, size), program.elf_class);
    const std::uint32_t name = fields.u32();
    symbols.push_back(symbol_at(fields, program.elf_class));
    KEYSTONE_TRY(symbols.back().name, names.at(name));
  }
  return symbols;
}

void Writer::number(std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

void Writer::section(const Section& section, std::uint32_t name) {
  number(name, 4);
  number(section.type, 4);
  word(section.flags);
  word(section.addr);
  word(section.offset);
  word(section.size);
  number(section.link, 4);
  number(section.info, 4);
  word(section.align);
  word(section.entsize);
}

void Writer::symbol(const Symbol& symbol, std::uint32_t name) {
  number(name, 4);
  if (elf_class_ == ElfClass::elf32) {
    word(symbol.value);
    word(symbol.size);
  }
  number(symbol.info, 1);
  number(symbol.other, 1);
  number(symbol.section, 2);
  if (elf_class_ == ElfClass::elf64) {
    word(symbol.value);
    word(symbol.size);
  }
}

}  // namespace keystone::strip
