// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/measurer.hpp"

#include "keystone/base/arithmetic.hpp"
#include "native_word.hpp"

#include <algorithm>

namespace keystone {
namespace {

// Read and hashed at once: large enough that calls cost nothing, small enough for a core's cache.
constexpr std::size_t kChunk = std::size_t{128} << 10U;

}  // namespace

Result<Measurer> Measurer::create() {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  return Measurer(std::move(hash));
}

void Measurer::word(std::uint64_t value, Word width) {
  const auto bytes = native_word(value, width);
  hash_.update(ByteView(bytes).first(size_of(width)));
}

Status Measurer::bytes(const MemoryView& memory, std::uint64_t address, std::uint64_t size) {
  while (size > 0) {
    const auto count = narrow<std::size_t>(std::min<std::uint64_t>(size, kChunk));
    buffer_.resize(std::max(buffer_.size(), count));
    const auto chunk = std::span(buffer_).first(count);
    KEYSTONE_CHECK_OK(memory.read(address, chunk));
    hash_.update(chunk);
    address += count;
    size -= count;
  }
  return {};
}

}  // namespace keystone
