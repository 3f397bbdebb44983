// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stripped.hpp"
#include "stripped_elf.hpp"

#include <vector>

// What stays of a program that is stripped.
namespace keystone::strip {

struct Choice {
  std::vector<Section> sections;  // that stay as they are, with their new links; no null section
  std::vector<std::uint32_t> number;  // the new number by the old one; 0 for what is gone
  bool keeps_symbols;                 // in a section behind these, which has the next number

  [[nodiscard]] std::uint32_t number_of(std::uint32_t old) const {
    return old < number.size() ? number[old] : 0;
  }
};

// Fails with `malformed` as stripped() does.
[[nodiscard]] Result<Choice> choose(const Program& program, Strip mode);

// The new symbol table without its null symbol: local symbols, one for each section that stays,
// global symbols. Without those of files and of what is gone; else each kind in its old order.
[[nodiscard]] Result<std::vector<Symbol>> choose_symbols(const Program& program,
                                                         const Choice& choice);

}  // namespace keystone::strip
