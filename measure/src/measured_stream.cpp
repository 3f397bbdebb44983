// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/measured_stream.hpp"

#include "keystone/base/arithmetic.hpp"
#include "native_word.hpp"

#include <algorithm>

namespace keystone {

void MeasuredStream::word(std::uint64_t value, Word width) {
  parts_.push_back({nullptr, value, size_of(width)});
}

Status MeasuredStream::bytes(const MemoryView& memory, std::uint64_t address, std::uint64_t size) {
  if (size == 0) {
    return {};
  }
  if (!parts_.empty()) {
    Part& last = parts_.back();
    if (last.memory == &memory && address != 0 && last.address + last.size == address) {
      last.size += size;
      return {};
    }
  }
  parts_.push_back({&memory, address, size});
  return {};
}

Status MeasuredStream::read_part(const Part& part, std::uint64_t from,
                                 std::span<std::uint8_t> out) const {
  if (part.memory != nullptr) {
    return part.memory->read(part.address + from, out);
  }
  const auto bytes = native_word(part.address, part.size == 8 ? Word::bits64 : Word::bits32);
  std::copy_n(std::span(bytes).subspan(narrow<std::size_t>(from)).begin(), out.size(), out.begin());
  return {};
}

Result<std::size_t> MeasuredStream::read(std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size() && part_ < parts_.size()) {
    const Part& part = parts_[part_];
    const auto count =
        narrow<std::size_t>(std::min<std::uint64_t>(part.size - done_, out.size() - filled));
    KEYSTONE_CHECK_OK(read_part(part, done_, out.subspan(filled, count)));
    filled += count;
    done_ += count;
    if (done_ == part.size) {
      ++part_;
      done_ = 0;
    }
  }
  return filled;
}

}  // namespace keystone
