// SPDX-License-Identifier: Apache-2.0
#include "stripped_choice.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>
#include <array>

namespace keystone::strip {
namespace {

// What strip takes for debug information, by the start of the name.
constexpr std::array<std::string_view, 6> kDebugNames = {
    ".debug", ".zdebug", ".gnu.debuglto_.debug_", ".gnu.linkonce.wi.", ".line", ".stab"};

bool is_debug(const Section& section) {
  return !section.is_allocated() &&
         (section.name == ".gdb_index" ||
          std::any_of(kDebugNames.begin(), kDebugNames.end(),
                      [&](std::string_view start) { return section.name.starts_with(start); }));
}

// Whether the section is one that is written anew, or not at all.
bool is_table(const Program& program, std::size_t number) {
  return number == 0 || number == program.section_names || number == program.symbols ||
         (program.symbols && number == program.sections[*program.symbols].link);
}

// Relocations that the linker was told to keep.
bool is_for_linkers(const Section& section) {
  return !section.is_allocated() &&
         (section.type == kRelocations || section.type == kRelocationsAdd);
}

void renumber_links(Choice& choice) {
  for (Section& section : choice.sections) {
    section.link = choice.number_of(section.link);
    if ((section.flags & kInfoIsSection) != 0) {
      section.info = choice.number_of(section.info);
    }
  }
}

}  // namespace

Result<Choice> choose(const Program& program, Strip mode) {
  const std::vector<Section>& all = program.sections;
  Choice choice{{}, std::vector<std::uint32_t>(all.size()), false};
  choice.keeps_symbols = mode == Strip::debug && program.symbols.has_value();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Section& section = all[i];
    if (is_table(program, i) || is_debug(section) ||
        (is_for_linkers(section) && mode == Strip::all)) {
      continue;
    }
    if (is_for_linkers(section) || (!section.is_allocated() && !section.is_stored())) {
      return fail(ErrorCode::malformed, "section " + std::to_string(i) + ": got type " +
                                            std::to_string(section.type) +
                                            ", want a section of a linked program");
    }
    choice.sections.push_back(section);
    choice.number[i] = narrow<std::uint32_t>(choice.sections.size());
  }
  const std::size_t count = choice.sections.size();
  if (count == 0 || count + kNewTables >= kFirstReserved) {
    return fail(ErrorCode::malformed, "sections to keep: got " + std::to_string(count) +
                                          ", want at least one, and no extended numbers");
  }
  if (choice.keeps_symbols) {
    choice.number[*program.symbols] = narrow<std::uint32_t>(count + 1);
  }
  renumber_links(choice);
  return choice;
}

Result<std::vector<Symbol>> choose_symbols(const Program& program, const Choice& choice) {
  KEYSTONE_TRY(auto old, read_symbols(program));
  std::vector<Symbol> symbols;
  std::vector<Symbol> globals;
  for (Symbol& symbol : old) {
    if (symbol.section == kExtendedIndex) {
      return fail(ErrorCode::malformed, "symbol: got an extended section number, want none");
    }
    if (symbol.section != 0 && symbol.section < kFirstReserved) {
      symbol.section = narrow<std::uint16_t>(choice.number_of(symbol.section));
      if (symbol.section == 0) {
        continue;
      }
    }
    if (symbol.type() != kFileSymbol && symbol.type() != kSectionSymbol) {
      (symbol.is_local() ? symbols : globals).push_back(symbol);
    }
  }
  for (std::size_t i = 0; i < choice.sections.size(); ++i) {
    Symbol& symbol = symbols.emplace_back();
    symbol.info = kSectionSymbol;
    symbol.section = narrow<std::uint16_t>(i + 1);
    symbol.value = choice.sections[i].addr;
  }
  symbols.insert(symbols.end(), globals.begin(), globals.end());
  return symbols;
}

}  // namespace keystone::strip
