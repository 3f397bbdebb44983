// SPDX-License-Identifier: Apache-2.0
#include "common/text_table.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>

namespace keystone::cli {

std::string TextTable::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    KEYSTONE_ASSERT(row.size() == widths.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += "  " + row[i];
      if (i + 1 != row.size()) {
        text += std::string(widths[i] - row[i].size(), ' ');
      }
    }
    text += '\n';
  }
  return text;
}

}  // namespace keystone::cli
