// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/measure/profile.hpp"

#include <cstddef>
#include <cstdint>

// Page table entries and virtual addresses of Sv39 and Sv32 (RISC-V privileged specification,
// sections 4.3 and 4.4), as far as Keystone looks at them.
namespace keystone {

// Bits of an entry.
inline constexpr std::uint64_t kEntryValid = 0x01;
inline constexpr std::uint64_t kEntryUser = 0x10;
inline constexpr unsigned kEntryPageShift = 10;  // of the physical page number
inline constexpr unsigned kPageShift = 12;

struct Paging {
  Word word;
  unsigned levels;      // counted down to 1, the leaves
  unsigned index_bits;  // of a virtual address, for each level

  [[nodiscard]] constexpr std::size_t entries() const { return std::size_t{1} << index_bits; }

  // `value` in the machine's arithmetic.
  [[nodiscard]] constexpr std::uint64_t wrap(std::uint64_t value) const {
    return word == Word::bits32 ? value & UINT32_MAX : value;
  }

  [[nodiscard]] constexpr std::uint64_t address_in(std::uint64_t entry) const {
    return wrap(entry >> kEntryPageShift << kPageShift);
  }
  [[nodiscard]] constexpr std::uint64_t entry_for(std::uint64_t address,
                                                  std::uint64_t flags) const {
    return wrap(address >> kPageShift << kEntryPageShift | flags);
  }

  // The index into the table of that level.
  [[nodiscard]] constexpr std::size_t index(std::uint64_t virtual_address, unsigned level) const {
    return static_cast<std::size_t>(virtual_address >> (kPageShift + index_bits * (level - 1))) &
           (entries() - 1);
  }

  // The address of the page with that number, of index_bits * levels bits: sign-extended on RV64.
  [[nodiscard]] constexpr std::uint64_t virtual_address(std::uint64_t page_number) const {
    const std::uint64_t sign = std::uint64_t{1} << (index_bits * levels - 1);
    const bool extends = word == Word::bits64 && (page_number & sign) != 0;
    return wrap((extends ? page_number | ~(2 * sign - 1) : page_number) << kPageShift);
  }

  // An entry of a table's bytes.
  [[nodiscard]] std::uint64_t entry_at(ByteView table, std::size_t index) const {
    const std::size_t size = size_of(word);
    std::uint64_t entry = 0;
    for (std::size_t i = size; i > 0; --i) {
      entry = entry << 8U | table[index * size + i - 1];
    }
    return entry;
  }
};

inline constexpr Paging kSv39 = {Word::bits64, 3, 9};
inline constexpr Paging kSv32 = {Word::bits32, 2, 10};

[[nodiscard]] constexpr const Paging& paging_of(Word word) {
  return word == Word::bits64 ? kSv39 : kSv32;
}

}  // namespace keystone
