// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "elf_names.hpp"
#include "keystone/measure/explain.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace keystone {

// An input file of an enclave, and what it calls its bytes.
struct NamedFile {
  std::string_view role;
  const ByteSource& source;
  ElfNames names;
};

// One page that is measured, and where its bytes come from.
struct PageOrigin {
  std::uint64_t address = 0;  // as MeasuredRange has it
  std::uint64_t memory = 0;   // where the image has it
  bool starts_run = false;
  std::string_view role{};
  const ElfNames* names = nullptr;  // of its file: one for each role; none: it has no file
  std::optional<std::size_t> segment{};
  std::uint64_t zeros_before = 0;  // in bytes, before those of the file
  FileRange file{0, 0};            // at most a page, less those zeros
  bool has_memory_names = false;   // its zeros may be those of sections at `address`
  Zeros zeros = Zeros::none;
};

// Puts an explanation together, page by page.
class PageExplainer {
 public:
  // Both must outlive the explainer; the explanation's lists are filled.
  PageExplainer(const MemoryView& memory, const ExplainOptions& options, Explanation& explanation)
      : memory_(memory), options_(options), explanation_(explanation) {}

  // The next page in the order in which they are measured. Fails with the memory's Errors.
  [[nodiscard]] Status add(const PageOrigin& page);

 private:
  struct Label {
    ElfNames::Run in_file;
    ElfNames::Run in_memory;

    friend bool operator==(const Label&, const Label&) = default;
  };

  [[nodiscard]] static Label label_of(const PageOrigin& page);
  [[nodiscard]] bool continues_range(const PageOrigin& page, const Label& label) const;
  void start_range(const PageOrigin& page, const Label& label);
  [[nodiscard]] Status add_page(const PageOrigin& page);

  const MemoryView& memory_;
  const ExplainOptions& options_;
  Explanation& explanation_;
  Label last_label_;  // of the last page
  std::array<std::uint8_t, kPageSize> bytes_{};
};

// Adds the functions of `file` whose bytes are in ranges of its role. Fails with the source's
// Errors.
[[nodiscard]] Status add_functions(const NamedFile& file, Explanation& explanation);

}  // namespace keystone
