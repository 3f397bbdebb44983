// SPDX-License-Identifier: Apache-2.0
#include "elf_strings.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>

namespace keystone::elf {
namespace {

constexpr std::uint64_t kMaxSize = std::uint64_t{64} << 20U;
constexpr std::size_t kLongestName = 255;

}  // namespace

Result<Strings> Strings::read(const ByteSource& source, const ElfSection& section,
                              std::string_view what) {
  KEYSTONE_TRY(const auto range, contents_of(section, source.size(), what));
  if (range.size > kMaxSize) {
    return fail(ErrorCode::limit_exceeded, std::string(what) + ": got " +
                                               std::to_string(range.size) +
                                               " bytes, want at most " + std::to_string(kMaxSize));
  }
  Strings strings;
  strings.bytes_.resize(narrow<std::size_t>(range.size));
  KEYSTONE_CHECK_OK(source.read_at(range.offset, strings.bytes_));
  return strings;
}

std::string Strings::at(std::uint32_t offset) const {
  if (offset >= bytes_.size()) {
    return {};
  }
  const auto begin = bytes_.begin() + offset;
  const auto most = std::min<std::size_t>(kLongestName, bytes_.size() - offset);
  const auto end = std::find(begin, begin + narrow<std::ptrdiff_t>(most), std::uint8_t{0});
  return {begin, end};
}

}  // namespace keystone::elf
