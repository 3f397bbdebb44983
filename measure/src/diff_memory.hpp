// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/explain.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace keystone {

// The place of a role in measured memory: loader, runtime, eapp, and then those without a file.
[[nodiscard]] std::size_t rank_of(std::string_view role);

// Whole pages in a row that both enclaves have, or that one has.
struct MemoryPart {
  std::string_view role;             // the left one's, if both have the memory
  std::uint64_t address;             // page walk: virtual; loader: the offset in the role's memory
  std::uint64_t size;                // in bytes
  std::optional<std::size_t> left;   // the number of its first page; absent: it lacks the memory
  std::optional<std::size_t> right;  // likewise
};

// Calls `visit` for each part of the memory of two enclaves that are measured by that scheme, in
// the order of Differences.
void compare_memory(const Explanation& left, const Explanation& right, Scheme scheme,
                    const std::function<void(const MemoryPart&)>& visit);

}  // namespace keystone
