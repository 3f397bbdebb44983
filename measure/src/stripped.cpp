// SPDX-License-Identifier: Apache-2.0
#include "stripped.hpp"

#include "keystone/base/arithmetic.hpp"
#include "stripped_choice.hpp"
#include "stripped_elf.hpp"
#include "stripped_strings.hpp"

#include <algorithm>
#include <bit>

namespace keystone {

using strip::Program;
using strip::Section;
using strip::Symbol;

namespace {

// e_ident, e_type, e_machine and e_version: e_entry, e_phoff and e_shoff follow.
constexpr std::size_t kIdentAndKinds = 24;

// Puts the new file together, from front to back.
class Stripper {
 public:
  Stripper(const Program& program, strip::Choice choice)
      : program_(program),
        sizes_(elf::sizes_of(program.elf_class)),
        choice_(std::move(choice)),
        sections_(choice_.sections) {}

  Result<std::vector<std::uint8_t>> run() {
    out_.assign(program_.bytes.begin(),
                program_.bytes.begin() + static_cast<std::ptrdiff_t>(program_.headers_end));
    place_allocated();
    KEYSTONE_CHECK_OK(place_others());
    if (choice_.keeps_symbols) {
      KEYSTONE_CHECK_OK(add_symbols());
    }
    KEYSTONE_CHECK_OK(add_headers());
    return std::move(out_);
  }

 private:
  void place_allocated() {
    for (const Section& section : sections_) {
      if (section.is_allocated() && section.is_stored()) {
        put(narrow<std::size_t>(section.offset), program_.contents(section));
      }
    }
  }

  Status place_others() {
    for (Section& section : sections_) {
      if (!section.is_allocated()) {
        KEYSTONE_CHECK_OK(append(section, program_.contents(section)));
        if (section.type == strip::kAttributes) {
          patch_attributes(section.offset);
        }
      }
    }
    return {};
  }

  void patch_attributes(std::uint64_t offset) {
    for (std::size_t i = 0; i < program_.segments.size(); ++i) {
      if (program_.segments[i].type == strip::kAttributes) {
        // p_offset is one word into the structure, for both words.
        patch(sizes_.header + i * sizes_.segment + sizes_.word, offset, sizes_.word);
      }
    }
  }

  Status add_symbols() {
    KEYSTONE_TRY(const auto symbols, strip::choose_symbols(program_, choice_));
    const auto first_global =
        std::find_if(symbols.begin(), symbols.end(), [](const Symbol& s) { return !s.is_local(); });
    std::vector<std::string_view> names;
    for (const Symbol& symbol : symbols) {
      names.push_back(symbol.name);
    }
    const strip::StringTable strings = strip::merge_strings(names);
    strip::Writer writer(program_.elf_class);
    writer.symbol({}, 0);
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      writer.symbol(symbols[i], strings.offsets[i]);
    }
    Section table{.name = ".symtab", .type = strip::kSymbolTable};
    table.link = narrow<std::uint32_t>(sections_.size() + 2);
    table.info = narrow<std::uint32_t>(first_global - symbols.begin() + 1);
    table.align = sizes_.word;
    table.entsize = sizes_.symbol;
    KEYSTONE_CHECK_OK(append(table, writer.bytes()));
    sections_.push_back(table);
    return add_strings(".strtab", strings);
  }

  Status add_strings(std::string_view name, const strip::StringTable& strings) {
    Section table{.name = name, .type = strip::kStringTable};
    table.align = 1;
    KEYSTONE_CHECK_OK(append(table, strings.bytes));
    sections_.push_back(table);
    return {};
  }

  // The names of the sections, and their headers.
  Status add_headers() {
    std::vector<std::string_view> names;
    if (choice_.keeps_symbols) {
      names = {".symtab", ".strtab"};
    }
    names.emplace_back(".shstrtab");
    const std::size_t tables = names.size();
    for (const Section& section : sections_) {
      names.push_back(section.name);
    }
    const strip::StringTable strings = strip::merge_strings(names);
    KEYSTONE_CHECK_OK(add_strings(".shstrtab", strings));
    strip::Writer writer(program_.elf_class);
    writer.section({}, 0);
    for (std::size_t i = 0; i + 1 < sections_.size(); ++i) {
      writer.section(sections_[i], strings.offsets[tables + i]);
    }
    writer.section(sections_.back(), strings.offsets[tables - 1]);
    Section headers{.align = sizes_.word};
    KEYSTONE_CHECK_OK(append(headers, writer.bytes()));
    const std::size_t numbers = sizes_.header - 4;  // e_shnum, e_shstrndx
    patch(kIdentAndKinds + 2 * sizes_.word, headers.offset, sizes_.word);
    patch(numbers, sections_.size() + 1, 2);
    patch(numbers + 2, sections_.size(), 2);
    return {};
  }

  // Behind all that is there, aligned as the section wants: sets its place and size.
  Status append(Section& section, ByteView bytes) {
    const std::uint64_t align = std::max<std::uint64_t>(section.align, 1);
    const auto offset = std::has_single_bit(align) ? checked_round_up(out_.size(), align)
                                                   : std::optional<std::uint64_t>();
    if (!offset || !fits(*offset, bytes.size(), kMaxStripped)) {
      return fail(ErrorCode::limit_exceeded,
                  "stripped file: got an alignment of " + std::to_string(align) +
                      ", want a file of at most " + std::to_string(kMaxStripped) + " bytes");
    }
    section.offset = *offset;
    section.size = bytes.size();
    put(narrow<std::size_t>(*offset), bytes);
    return {};
  }

  void put(std::size_t offset, ByteView bytes) {
    out_.resize(std::max(out_.size(), offset + bytes.size()));
    std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<std::ptrdiff_t>(offset));
  }

  void patch(std::size_t offset, std::uint64_t value, std::size_t size) {
    strip::Writer writer(program_.elf_class);
    writer.number(value, size);
    put(offset, writer.bytes());
  }

  const Program& program_;
  const elf::Sizes& sizes_;
  const strip::Choice choice_;
  std::vector<Section> sections_;  // of the new file, without the null section
  std::vector<std::uint8_t> out_;
};

}  // namespace

Result<std::vector<std::uint8_t>> stripped(const ByteSource& source, Strip mode) {
  KEYSTONE_TRY(const auto program, strip::read_program(source));
  KEYSTONE_TRY(auto choice, strip::choose(program, mode));
  return Stripper(program, std::move(choice)).run();
}

}  // namespace keystone
