// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/memory_view.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>

namespace keystone {

Status RegionMemory::add_bytes(std::uint64_t address, const ByteSource& source,
                               std::uint64_t offset, std::uint64_t size) {
  if (!fits(offset, size, source.size())) {
    return fail(ErrorCode::malformed, "bytes " + to_hex_number(offset) + " to " +
                                          to_hex_number(offset + size) + ": got a file of " +
                                          std::to_string(source.size()) + " bytes");
  }
  return add({address, size, Piece{&source, offset}});
}

Status RegionMemory::add_fill(std::uint64_t address, std::uint64_t size, std::uint8_t byte) {
  return add({address, size, byte});
}

Status RegionMemory::add(Region region) {
  if (region.size == 0) {
    return {};
  }
  // The last byte, not the end: a region may reach up to the very top of the address space.
  const auto last = checked_add(region.address, region.size - 1);
  if (!last) {
    return fail(ErrorCode::malformed, std::to_string(region.size) + " bytes at " +
                                          to_hex_number(region.address) +
                                          " wrap around the address space");
  }
  const auto above = std::partition_point(
      regions_.begin(), regions_.end(),
      [&](const Region& other) { return other.address + (other.size - 1) < region.address; });
  if (above != regions_.end() && above->address <= *last) {
    return fail(ErrorCode::malformed, std::to_string(region.size) + " bytes at " +
                                          to_hex_number(region.address) + " overlap those at " +
                                          to_hex_number(above->address));
  }
  regions_.insert(above, region);
  return {};
}

const RegionMemory::Region* RegionMemory::region_at(std::uint64_t address) const {
  const auto found = std::partition_point(
      regions_.begin(), regions_.end(),
      [&](const Region& region) { return region.address + (region.size - 1) < address; });
  return found != regions_.end() && found->address <= address ? &*found : nullptr;
}

Status RegionMemory::Region::read(std::uint64_t from, std::span<std::uint8_t> out) const {
  if (const auto* const byte = std::get_if<std::uint8_t>(&content)) {
    std::fill(out.begin(), out.end(), *byte);
    return {};
  }
  const auto& piece = std::get<Piece>(content);
  return piece.source->read_at(piece.offset + (from - address), out);
}

Status RegionMemory::read(std::uint64_t address, std::span<std::uint8_t> out) const {
  if (!out.empty() && !checked_add(address, out.size() - 1)) {
    return fail(ErrorCode::malformed, std::to_string(out.size()) + " bytes at " +
                                          to_hex_number(address) +
                                          " wrap around the address space");
  }
  while (!out.empty()) {
    const Region* const region = region_at(address);
    if (region == nullptr) {
      return fail(ErrorCode::malformed, "there is no memory at " + to_hex_number(address));
    }
    const std::uint64_t left = region->size - (address - region->address);
    const auto count = narrow<std::size_t>(std::min<std::uint64_t>(left, out.size()));
    KEYSTONE_CHECK_OK(region->read(address, out.first(count)));
    address += count;
    out = out.subspan(count);
  }
  return {};
}

}  // namespace keystone
