// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/memory_view.hpp"

#include <array>
#include <map>
#include <memory>

namespace keystone {

// The memory of an emulated machine: regions of bytes at physical addresses, zero until written.
// Only pages into which something other than zeros was written cost memory.
class PhysicalMemory final : public MemoryView {
 public:
  // There is memory at [base, base + size). `usage` if that is empty, does not end below 2^64, is
  // not whole pages, or meets memory that is there.
  [[nodiscard]] Status add(std::uint64_t base, std::uint64_t size);

  // `malformed`, naming the first address without memory, unless all of it is there. Regions that
  // touch each other count as one.
  [[nodiscard]] Status check_present(std::uint64_t address, std::uint64_t size) const;

  // `malformed` where there is no memory; then nothing was written or read.
  [[nodiscard]] Status write(std::uint64_t address, std::span<const std::uint8_t> bytes);
  [[nodiscard]] Status read(std::uint64_t address, std::span<std::uint8_t> out) const override;

  // Zeroes [base, base + size), as far as there is memory. Takes time for what was written there,
  // not for the size.
  void clear(std::uint64_t base, std::uint64_t size);

  // How much was read so far, in bytes: what the measuring of enclaves took of time.
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

  // What it costs: the bytes of the pages that are held.
  [[nodiscard]] std::uint64_t held_bytes() const { return written_.size() * kPage; }

 private:
  static constexpr std::uint64_t kPage = 4096;
  using Page = std::array<std::uint8_t, kPage>;

  std::map<std::uint64_t, std::uint64_t> regions_;          // base to size
  std::map<std::uint64_t, std::unique_ptr<Page>> written_;  // by page number
  mutable std::uint64_t bytes_read_ = 0;
};

}  // namespace keystone
