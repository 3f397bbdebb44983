// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/suggest.hpp"

#include "keystone/base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace keystone {
namespace {

constexpr std::size_t kLongestName = 64;  // bounds the work for a hostile name

// Levenshtein distance, one row at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string join(std::span<const std::string_view> names, std::string_view separator) {
  std::string text;
  for (const std::string_view name : names) {
    text += (text.empty() ? "" : std::string(separator)) + std::string(name);
  }
  return text;
}

}  // namespace

std::string suggest_names(std::string_view got, std::span<const std::string_view> known) {
  std::vector<std::string_view> near;
  if (got.size() <= kLongestName) {
    std::copy_if(known.begin(), known.end(), std::back_inserter(near), [&](std::string_view name) {
      return edit_distance(got, name) * 3 <= std::max(got.size(), name.size()) ||
             (got.size() >= 3 && name.find(got) != std::string_view::npos);
    });
  }
  if (near.empty()) {
    return known.empty() ? std::string() : "one of " + join(known, ", ");
  }
  return "did you mean " + join(near, " or ") + "?";
}

Result<std::size_t> index_of_name(std::string_view field, std::string_view name,
                                  std::span<const std::string_view> known) {
  const auto found = std::find(known.begin(), known.end(), name);
  if (found == known.end()) {
    return fail(ErrorCode::usage,
                std::string(field) + ": got '" + printable(name) + "', which is not known",
                suggest_names(name, known));
  }
  return static_cast<std::size_t>(found - known.begin());
}

}  // namespace keystone
