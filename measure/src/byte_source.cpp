// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/byte_source.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>

namespace keystone {

Status ArraySource::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  KEYSTONE_ASSERT(fits(offset, out.size(), bytes_.size()));
  const auto from = bytes_.subspan(narrow<std::size_t>(offset), out.size());
  std::copy(from.begin(), from.end(), out.begin());
  return {};
}

}  // namespace keystone
