// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

// The string tables of a stripped file: the old one is read, the new one is laid out.
namespace keystone::strip {

// Names by their offsets in a string table, which must outlive this and the names. However many
// names overlap, all of them together take no more than `budget` bytes.
class NameReader {
 public:
  NameReader(ByteView table, std::uint64_t budget)
      : table_(reinterpret_cast<const char*>(table.data()), table.size()), budget_(budget) {}

  // The name at that offset; none at 0. `malformed` outside the table or without an end,
  // `limit_exceeded` when all that was read would be longer than the budget.
  [[nodiscard]] Result<std::string_view> at(std::uint32_t offset);

 private:
  std::string_view table_;
  std::uint64_t budget_;
};

struct StringTable {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> offsets;  // one for each string that was given
};

// A table of these strings in the order in which each is first seen; one that is the end of another
// has no place of its own. The empty string is at 0.
[[nodiscard]] StringTable merge_strings(const std::vector<std::string_view>& strings);

}  // namespace keystone::strip
