// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hex.hpp"
#include "keystone/base/result.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace keystone {

// Bytes that somebody else owns: a parameter, never a member of a value.
using ByteView = std::span<const std::uint8_t>;

// N bytes with one role, named by a tag type: an enclave hash is not a Security Monitor hash,
// though both are 64 bytes. There is no default value: a hash that nobody computed cannot exist.
// Comparison is not constant-time; nothing of this type is secret.
template <class Role, std::size_t N>
class FixedBytes {
 public:
  static constexpr std::size_t kSize = N;

  constexpr explicit FixedBytes(std::span<const std::uint8_t, N> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }

  // Fails with `malformed` unless `bytes` has exactly N; `field` names it in the message.
  [[nodiscard]] static Result<FixedBytes> from(std::string_view field, ByteView bytes) {
    if (bytes.size() != N) {
      return fail(ErrorCode::malformed, std::string(field) + ": got " +
                                            std::to_string(bytes.size()) + " bytes, want " +
                                            std::to_string(N));
    }
    return FixedBytes(std::span<const std::uint8_t, N>(bytes));
  }

  // Exactly 2 N lower-case hex digits, else `malformed`.
  [[nodiscard]] static Result<FixedBytes> from_hex(std::string_view field, std::string_view text) {
    std::array<std::uint8_t, N> bytes{};
    KEYSTONE_CHECK_OK(hex::decode_exactly(field, text, bytes));
    return FixedBytes(bytes);
  }

  // The bytes, as long as this object lives.
  [[nodiscard]] constexpr std::span<const std::uint8_t, N> bytes() const { return bytes_; }

  [[nodiscard]] std::string hex() const { return hex::encode(bytes_); }

  friend constexpr auto operator<=>(const FixedBytes&, const FixedBytes&) = default;

 private:
  std::array<std::uint8_t, N> bytes_{};
};

}  // namespace keystone
