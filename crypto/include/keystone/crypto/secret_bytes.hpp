// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/crypto/wipe.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace keystone {

// Bytes that are a secret, such as a key or the text of a key file: zero at first, wiped when they
// go away. Move-only, and moving makes no copy; without comparison or printing.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size)
      : bytes_(std::make_unique<std::uint8_t[]>(size)), size_(size) {}
  ~SecretBytes() { wipe({bytes_.get(), size_}); }
  SecretBytes(SecretBytes&& other) noexcept
      : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

  // The bytes, as long as this object lives and is not moved from.
  [[nodiscard]] std::span<std::uint8_t> bytes() { return {bytes_.get(), size_}; }
  [[nodiscard]] ByteView bytes() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t size_ = 0;
};

// As many as are known beforehand, where they are used: an array on the stack that is zero at first
// and wiped on every way out. Neither copied nor moved.
template <std::size_t N>
struct SecretArray {
  std::array<std::uint8_t, N> bytes{};

  SecretArray() = default;
  ~SecretArray() { wipe(bytes); }
  SecretArray(const SecretArray&) = delete;
  SecretArray& operator=(const SecretArray&) = delete;
};

}  // namespace keystone
