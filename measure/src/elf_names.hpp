// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/elf.hpp"
#include "named_spans.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace keystone {

// A function that a file's symbol table names.
struct NamedFunction {
  std::string name;
  std::uint64_t address;  // virtual
  FileRange file;         // not empty, and in the file
};

// What a file's own tables call its bytes, and the memory that is not in it. For readers: nothing
// here changes a hash.
class ElfNames {
 public:
  using Run = NamedSpans::Run;

  // What a label of several names is cut at, in characters; any one name fits.
  static constexpr std::size_t kLongestLabel = 300;

  // No names for a file that is not ELF, or whose tables are damaged. Fails with the source's own
  // Errors alone. Without `symbols`, there are sections only.
  [[nodiscard]] static Result<ElfNames> read(const ByteSource& source, bool symbols);

  // The sections with bytes in that range of the file.
  [[nodiscard]] Run sections_in_file(const FileRange& range) const;
  // The sections that have memory, but no bytes in the file, in [address, address + size).
  [[nodiscard]] Run sections_in_memory(std::uint64_t address, std::uint64_t size) const;
  // Their names, `.text, .rodata`, both runs one behind the other.
  [[nodiscard]] std::string label(const Run& in_file, const Run& in_memory) const;

  // The symbol that spans all of that range of the file, or of that memory; empty if none does.
  [[nodiscard]] std::string_view symbol_over(const FileRange& range) const;
  [[nodiscard]] std::string_view symbol_over_memory(std::uint64_t address,
                                                    std::uint64_t size) const;

  [[nodiscard]] const std::vector<NamedFunction>& functions() const { return functions_; }

 private:
  void take_sections(const std::vector<ElfSection>& sections, std::uint64_t file_size);
  void take_symbols(std::vector<ElfSymbol> symbols, const std::vector<ElfSection>& sections,
                    std::uint64_t file_size);

  NamedSpans file_sections_;
  NamedSpans memory_sections_;
  NamedSpans file_symbols_;
  NamedSpans memory_symbols_;
  std::vector<NamedFunction> functions_;
};

}  // namespace keystone
