// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/byte_source.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace keystone {

// Memory as a measurement walks it: bytes at physical addresses. Enclave files laid out by us, a
// memory image, and the memory of an emulated machine are its backings.
class MemoryView {
 public:
  virtual ~MemoryView() = default;

  // Fills all of `out` with the bytes from `address` on. Fails with `malformed` where there is no
  // memory, and with the backing's own Error.
  [[nodiscard]] virtual Status read(std::uint64_t address, std::span<std::uint8_t> out) const = 0;
};

// Memory made of regions, each a piece of a ByteSource or one byte repeated. The sources must
// outlive it.
class RegionMemory final : public MemoryView {
 public:
  // Puts bytes [offset, offset + size) of `source` at `address`. Fails with `malformed` if they are
  // not in the source, if the region wraps around the address space, or if it meets another region.
  // A size of zero adds nothing.
  [[nodiscard]] Status add_bytes(std::uint64_t address, const ByteSource& source,
                                 std::uint64_t offset, std::uint64_t size);

  // Puts `size` times `byte` at `address`; fails as add_bytes().
  [[nodiscard]] Status add_fill(std::uint64_t address, std::uint64_t size, std::uint8_t byte);

  [[nodiscard]] Status read(std::uint64_t address, std::span<std::uint8_t> out) const override;

 private:
  struct Piece {
    const ByteSource* source;
    std::uint64_t offset;
  };
  struct Region {
    std::uint64_t address;
    std::uint64_t size;
    std::variant<Piece, std::uint8_t> content;

    [[nodiscard]] Status read(std::uint64_t from, std::span<std::uint8_t> out) const;
  };

  [[nodiscard]] Status add(Region region);
  [[nodiscard]] const Region* region_at(std::uint64_t address) const;

  std::vector<Region> regions_;  // by address, never touching the same byte twice
};

}  // namespace keystone
