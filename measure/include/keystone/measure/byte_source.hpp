// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <span>

namespace keystone {

// Bytes that can be read at any place: a file, a spooled pipe, an array. This library never opens a
// path; whoever does implements this. What is read should not change meanwhile; a source
// that can tell that it did fails.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // In bytes; the same for the life of the object.
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  // Fills all of `out` with the bytes at [offset, offset + out.size()), which lie below size();
  // that they do is for the caller to know. Fails with `unreadable`; `out` is then unspecified.
  [[nodiscard]] virtual Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const = 0;
};

// An array as a source. The bytes must outlive it.
class ArraySource final : public ByteSource {
 public:
  explicit ArraySource(ByteView bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override;

 private:
  ByteView bytes_;
};

}  // namespace keystone
