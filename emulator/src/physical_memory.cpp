// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/physical_memory.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>

namespace keystone {
namespace {

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

Status PhysicalMemory::add(std::uint64_t base, std::uint64_t size) {
  const auto end = checked_add(base, size);
  if (size == 0 || !end || (base | size) % kPage != 0) {
    return fail(ErrorCode::usage, "memory: got " + to_hex_number(size) + " bytes at " +
                                      to_hex_number(base) +
                                      ", want whole pages that end below the last address");
  }
  const auto above = regions_.lower_bound(base);
  const bool meets_above = above != regions_.end() && above->first < *end;
  const bool meets_below =
      above != regions_.begin() && std::prev(above)->first + std::prev(above)->second > base;
  if (meets_above || meets_below) {
    return fail(ErrorCode::usage, "memory: got " + to_hex_number(size) + " bytes at " +
                                      to_hex_number(base) + ", where there is memory already");
  }
  regions_.emplace(base, size);
  return {};
}

Status PhysicalMemory::check_present(std::uint64_t address, std::uint64_t size) const {
  while (size > 0) {
    const auto above = regions_.upper_bound(address);
    const auto region = above == regions_.begin() ? regions_.end() : std::prev(above);
    if (region == regions_.end() || address - region->first >= region->second) {
      return fail(ErrorCode::malformed, "there is no memory at " + to_hex_number(address));
    }
    const std::uint64_t here = std::min(size, region->second - (address - region->first));
    size -= here;
    address += here;
  }
  return {};
}

Status PhysicalMemory::write(std::uint64_t address, std::span<const std::uint8_t> bytes) {
  KEYSTONE_CHECK_OK(check_present(address, bytes.size()));
  while (!bytes.empty()) {
    const std::uint64_t at = address % kPage;
    const auto count = std::min<std::size_t>(kPage - at, bytes.size());
    const ByteView part = bytes.first(count);
    auto page = written_.find(address / kPage);
    if (page == written_.end() && !is_zero(part)) {
      page = written_.emplace(address / kPage, std::make_unique<Page>()).first;
    }
    if (page != written_.end()) {
      std::copy(part.begin(), part.end(), page->second->begin() + static_cast<std::ptrdiff_t>(at));
    }
    address += count;
    bytes = bytes.subspan(count);
  }
  return {};
}

Status PhysicalMemory::read(std::uint64_t address, std::span<std::uint8_t> out) const {
  KEYSTONE_CHECK_OK(check_present(address, out.size()));
  bytes_read_ += out.size();
  while (!out.empty()) {
    const std::uint64_t at = address % kPage;
    const auto count = std::min<std::size_t>(kPage - at, out.size());
    const auto page = written_.find(address / kPage);
    if (page == written_.end()) {
      std::fill_n(out.begin(), count, std::uint8_t{0});
    } else {
      std::copy_n(page->second->begin() + static_cast<std::ptrdiff_t>(at), count, out.begin());
    }
    address += count;
    out = out.subspan(count);
  }
  return {};
}

void PhysicalMemory::clear(std::uint64_t base, std::uint64_t size) {
  const std::uint64_t end = checked_add(base, size).value_or(UINT64_MAX);
  for (auto page = written_.lower_bound(base / kPage);
       page != written_.end() && page->first * kPage < end;) {
    const std::uint64_t start = page->first * kPage;
    const std::uint64_t from = std::max(base, start) - start;
    const std::uint64_t to = std::min(end - start, kPage);
    if (from == 0 && to == kPage) {
      page = written_.erase(page);
      continue;
    }
    std::fill(page->second->begin() + static_cast<std::ptrdiff_t>(from),
              page->second->begin() + static_cast<std::ptrdiff_t>(to), std::uint8_t{0});
    ++page;
  }
}

}  // namespace keystone
