// SPDX-License-Identifier: Apache-2.0
#include "explain_pages.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/crypto/digest.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace keystone {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10U;

// The parts of a file that are in ranges of `role`, by offset; those that meet are one.
std::vector<FileRange> measured_parts(const std::vector<MeasuredRange>& ranges,
                                      std::string_view role) {
  std::vector<FileRange> parts;
  for (const MeasuredRange& range : ranges) {
    if (range.role == role && range.file_bytes != 0) {
      parts.push_back({range.file_offset, range.file_bytes});
    }
  }
  std::sort(parts.begin(), parts.end(),
            [](const FileRange& a, const FileRange& b) { return a.offset < b.offset; });
  std::vector<FileRange> joined;
  for (const FileRange& part : parts) {
    if (joined.empty() || part.offset > joined.back().offset + joined.back().size) {
      joined.push_back(part);
      continue;
    }
    FileRange& last = joined.back();
    last.size = std::max(last.offset + last.size, part.offset + part.size) - last.offset;
  }
  return joined;
}

bool is_measured(const FileRange& file, const std::vector<FileRange>& parts) {
  const auto behind = std::partition_point(parts.begin(), parts.end(), [&](const FileRange& part) {
    return part.offset <= file.offset;
  });
  if (behind == parts.begin()) {
    return false;
  }
  const FileRange& part = *(behind - 1);
  return fits(file.offset - part.offset, file.size, part.size);
}

Result<FileDigest> digest_of(const ByteSource& source, FileRange range,
                             std::span<std::uint8_t> buffer) {
  KEYSTONE_TRY(auto hash, Sha256::create());
  while (range.size > 0) {
    const auto count = narrow<std::size_t>(std::min<std::uint64_t>(range.size, buffer.size()));
    const auto chunk = buffer.first(count);
    KEYSTONE_CHECK_OK(source.read_at(range.offset, chunk));
    hash.update(chunk);
    range.offset += count;
    range.size -= count;
  }
  return std::move(hash).finish();
}

// Those of the file whose bytes are measured, by their place in the file.
std::vector<const NamedFunction*> measured_functions(const NamedFile& file,
                                                     const std::vector<MeasuredRange>& ranges) {
  const auto parts = measured_parts(ranges, file.role);
  std::vector<const NamedFunction*> measured;
  for (const NamedFunction& function : file.names.functions()) {
    if (is_measured(function.file, parts)) {
      measured.push_back(&function);
    }
  }
  std::sort(measured.begin(), measured.end(), [](const NamedFunction* a, const NamedFunction* b) {
    return std::tie(a->file.offset, a->file.size) < std::tie(b->file.offset, b->file.size);
  });
  return measured;
}

bool same_bytes(const NamedFunction& a, const NamedFunction& b) {
  return a.file.offset == b.file.offset && a.file.size == b.file.size;
}

}  // namespace

Status add_functions(const NamedFile& file, Explanation& explanation) {
  std::vector<MeasuredFunction>& list = explanation.functions;
  const auto first = narrow<std::ptrdiff_t>(list.size());
  std::vector<std::uint8_t> buffer(kChunk);
  std::uint64_t budget = kFunctionBytesPerFileByte * file.source.size();
  const NamedFunction* hashed = nullptr;  // the last; one with several names is hashed once
  for (const NamedFunction* function : measured_functions(file, explanation.ranges)) {
    if (hashed == nullptr || !same_bytes(*hashed, *function)) {
      if (function->file.size > budget) {
        ++explanation.functions_left_out;
        continue;
      }
      budget -= function->file.size;
      hashed = function;
    }
    const bool is_alias = hashed != function;
    KEYSTONE_TRY(const auto digest, is_alias ? Result<FileDigest>(list.back().sha256)
                                             : digest_of(file.source, function->file, buffer));
    list.push_back({file.role, function->name, function->address, function->file.size, digest});
  }
  std::sort(list.begin() + first, list.end(),
            [](const MeasuredFunction& a, const MeasuredFunction& b) {
              return std::tie(a.address, a.name) < std::tie(b.address, b.name);
            });
  return {};
}

}  // namespace keystone
