// SPDX-License-Identifier: Apache-2.0
// What parses as an ELF file speaks only of ranges inside the file, or says that it does not.
#include "keystone/base/arithmetic.hpp"
#include "keystone/measure/elf.hpp"
#include "keystone/testing/fuzz.hpp"

namespace {

template <class Entry>
void check_contents(const Entry& entry, std::uint64_t file_size) {
  if (const auto range = keystone::contents_of(entry, file_size, "entry")) {
    KEYSTONE_ASSERT(keystone::fits(range->offset, range->size, file_size));
  }
}

}  // namespace

void keystone::fuzz(ByteView input) {
  const ArraySource source(input);
  const auto elf = ElfView::parse(source);
  if (!elf) {
    return;
  }
  for (const ElfSegment& segment : elf->segments()) {
    check_contents(segment, input.size());
  }
  for (const ElfSection& section : elf->sections()) {
    KEYSTONE_ASSERT(section.name.size() <= 255);
    check_contents(section, input.size());
  }
  if (const auto symbols = elf->symbols(source)) {
    KEYSTONE_ASSERT(symbols->size() <= ElfView::kMaxSymbols);
  }
}
