// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace keystone {

// Bytes that a verifier's side made up for one attestation, which come back in the report's data.
// Public; only ever to be used once.
class Nonce {
 public:
  static constexpr std::size_t kMinSize = 8;  // bytes
  static constexpr std::size_t kMaxSize = 64;
  static constexpr std::size_t kDefaultSize = 32;

  // `usage` unless there are 8 to 64 bytes.
  [[nodiscard]] static Result<Nonce> from(ByteView bytes) {
    if (bytes.size() < kMinSize || bytes.size() > kMaxSize) {
      return fail(ErrorCode::usage, "nonce: got " + std::to_string(bytes.size()) + " bytes, want " +
                                        std::to_string(kMinSize) + " to " +
                                        std::to_string(kMaxSize));
    }
    return Nonce(bytes);
  }

  // The bytes, as long as this object lives.
  [[nodiscard]] ByteView bytes() const { return ByteView(bytes_).first(size_); }
  [[nodiscard]] std::string hex() const { return hex::encode(bytes()); }

  friend auto operator<=>(const Nonce&, const Nonce&) = default;

 private:
  explicit Nonce(ByteView bytes) : size_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }

  // No vector: a nonce that was moved from would be empty, and a prefix of anything.
  std::array<std::uint8_t, kMaxSize> bytes_{};
  std::size_t size_;
};

}  // namespace keystone
