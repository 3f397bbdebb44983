// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/keys.hpp"
#include "keystone/base/result.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace keystone {

// The secret half of a key pair of the scheme ed25519-sha3-512, in the expanded form that Keystone
// keeps: 32 bytes of scalar, 32 bytes of prefix. Move-only, wiped when it goes away, without
// comparison or printing. A verifier never links this part.
class SecretKey {
 public:
  static constexpr std::size_t kSeedSize = 32;
  static constexpr std::size_t kSize = 64;

  // SHA3-512 of the seed, clamped as RFC 8032, section 5.1.5 does. Fails with `internal` when the
  // hash function cannot run.
  [[nodiscard]] static Result<SecretKey> from_seed(std::span<const std::uint8_t, kSeedSize> seed);

  // An expanded key as it is: nothing is clamped. The caller wipes its own copy.
  [[nodiscard]] static SecretKey from_expanded(std::span<const std::uint8_t, kSize> expanded);

  // 64 bytes of zero with a public key of zeros, which is not theirs: what platforms without a root
  // of trust sign with.
  [[nodiscard]] static SecretKey all_zero();

  ~SecretKey();
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;

  // encode(scalar B): 32 bytes, which become a DevicePublicKey or an SmPublicKey by the key's role.
  [[nodiscard]] const std::array<std::uint8_t, 32>& public_key() const { return public_; }

  // The signature of `message` under public_key(), without randomness. Fails with `internal` when
  // the hash function cannot run.
  [[nodiscard]] Result<Signature> sign(ByteView message) const;

  // The secret itself, as long as this object lives: for key files, derivations and nothing else.
  [[nodiscard]] std::span<const std::uint8_t, kSize> expose_secret() const { return expanded_; }

 private:
  SecretKey() = default;

  std::array<std::uint8_t, kSize> expanded_{};
  std::array<std::uint8_t, 32> public_{};
};

}  // namespace keystone
