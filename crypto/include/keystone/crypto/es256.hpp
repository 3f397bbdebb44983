// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

// ES256: ECDSA over P-256 with SHA-256, as tokens have it (RFC 7518, section 3.4). What attestation
// results are signed with; no Keystone report ever is. Everything here is public, so nothing is
// constant-time.
namespace keystone {

// r, then s, 32 bytes each, big-endian.
using Es256Signature = FixedBytes<struct Es256SignatureRole, 64>;

// A point of P-256 that signatures are checked with. Copies share what the backend keeps of it;
// any number of threads may use one.
class Es256PublicKey {
 public:
  static constexpr std::size_t kCoordinateSize = 32;
  static constexpr std::size_t kMaxPem = 4096;  // bytes
  using Coordinate = std::span<const std::uint8_t, kCoordinateSize>;

  // Both big-endian, as JSON Web Keys have them. `malformed` unless (x, y) is a point of the curve,
  // each coordinate below the field's order; `internal` when the backend cannot run.
  [[nodiscard]] static Result<Es256PublicKey> from_coordinates(Coordinate x, Coordinate y);

  // Of a SubjectPublicKeyInfo in PEM. `malformed` for anything but one key of this curve.
  [[nodiscard]] static Result<Es256PublicKey> from_pem(std::string_view text);

  // The coordinates, as long as this object lives.
  [[nodiscard]] Coordinate x() const { return Coordinate(point_.data(), kCoordinateSize); }
  [[nodiscard]] Coordinate y() const {
    return Coordinate(point_.data() + kCoordinateSize, kCoordinateSize);
  }

  friend bool operator==(const Es256PublicKey& left, const Es256PublicKey& right) {
    return left.point_ == right.point_;
  }

 private:
  friend Result<bool> es256_verify(const Es256PublicKey& key, ByteView message,
                                   const Es256Signature& signature);
  Es256PublicKey() = default;

  std::array<std::uint8_t, 2 * kCoordinateSize> point_{};
  std::shared_ptr<void> handle_;  // of the backend
};

// Whether `signature` is one of `message` under `key`: r and s both from 1 to n - 1, and the
// equation holds. (r, n - s) verifies where (r, s) does, as ES256 has it: a signature is not an
// identifier. Fails with `internal` when the backend cannot run; a wrong signature is an answer.
[[nodiscard]] Result<bool> es256_verify(const Es256PublicKey& key, ByteView message,
                                        const Es256Signature& signature);

}  // namespace keystone
