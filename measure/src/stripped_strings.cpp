// SPDX-License-Identifier: Apache-2.0
#include "stripped_strings.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>
#include <numeric>

namespace keystone::strip {
namespace {

using Indices = std::vector<std::size_t>;
using Strings = std::vector<std::string_view>;

// For each string that is not empty the one in whose place it is written: itself, or one that ends
// with it. Of equal strings it is the first.
Indices hosts_of(const Strings& strings) {
  Indices order(strings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const std::string_view x = strings[a];
    const std::string_view y = strings[b];
    const auto [at_x, at_y] = std::mismatch(x.rbegin(), x.rend(), y.rbegin(), y.rend());
    if (at_x == x.rend() || at_y == y.rend()) {
      return x.size() != y.size() ? x.size() < y.size() : a > b;
    }
    return *at_x < *at_y;
  });
  Indices hosts(strings.size());
  std::size_t host = order.empty() ? 0 : order.back();
  for (std::size_t i = order.size(); i-- > 0;) {
    host = strings[host].ends_with(strings[order[i]]) ? host : order[i];
    hosts[order[i]] = host;
  }
  return hosts;
}

}  // namespace

Result<std::string_view> NameReader::at(std::uint32_t offset) {
  if (offset == 0) {
    return std::string_view();
  }
  const std::size_t end = table_.find('\0', offset);
  if (end == std::string_view::npos) {
    return fail(ErrorCode::malformed, "name: got offset " + std::to_string(offset) +
                                          ", want that of a string in the table of " +
                                          std::to_string(table_.size()) + " bytes");
  }
  if (end - offset > budget_) {
    return fail(ErrorCode::limit_exceeded, "names: got too long ones for a file of this size");
  }
  budget_ -= end - offset;
  return table_.substr(offset, end - offset);
}

StringTable merge_strings(const Strings& strings) {
  const Indices hosts = hosts_of(strings);
  StringTable table{{0}, std::vector<std::uint32_t>(strings.size())};
  for (std::size_t i = 0; i < strings.size(); ++i) {
    if (hosts[i] == i && !strings[i].empty()) {
      table.offsets[i] = narrow<std::uint32_t>(table.bytes.size());
      table.bytes.insert(table.bytes.end(), strings[i].begin(), strings[i].end());
      table.bytes.push_back(0);
    }
  }
  for (std::size_t i = 0; i < strings.size(); ++i) {
    if (hosts[i] != i && !strings[i].empty()) {
      const std::size_t host = hosts[i];
      table.offsets[i] =
          table.offsets[host] + narrow<std::uint32_t>(strings[host].size() - strings[i].size());
    }
  }
  return table;
}

}  // namespace keystone::strip
