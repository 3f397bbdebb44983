// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Trustworthiness claims of AR4SI (draft-ietf-rats-ar4si, section 2.3).
namespace keystone {

// From best to worst, but that `none` says nothing. The enumerators are the words in JSON.
enum class TrustTier : std::uint8_t { none, affirming, warning, contraindicated };

[[nodiscard]] std::string_view to_string(TrustTier tier);

// The tier of that word; `malformed`, naming `field`, if there is none.
[[nodiscard]] Result<TrustTier> parse_trust_tier(std::string_view field, std::string_view word);

// The tier that a claim's value is in: -1 to 1 none; 2 to 31 and -2 to -32 affirming; 32 to 95 and
// -33 to -96 warning; the rest contraindicated.
[[nodiscard]] TrustTier tier_of(std::int8_t claim);

enum class TrustClaim : std::uint8_t {
  instance_identity,
  configuration,
  executables,
  file_system,
  hardware,
  runtime_opaque,
  storage_opaque,
  sourced_data,
};

inline constexpr std::array kAllTrustClaims = {
    TrustClaim::instance_identity, TrustClaim::configuration, TrustClaim::executables,
    TrustClaim::file_system,       TrustClaim::hardware,      TrustClaim::runtime_opaque,
    TrustClaim::storage_opaque,    TrustClaim::sourced_data};

// The claim's name in JSON, such as instance-identity.
[[nodiscard]] std::string_view to_string(TrustClaim claim);

// A value for each claim; 0 says nothing.
class TrustVector {
 public:
  [[nodiscard]] static TrustVector all(std::int8_t value);

  [[nodiscard]] std::int8_t operator[](TrustClaim claim) const {
    return values_[static_cast<std::size_t>(claim)];
  }
  std::int8_t& operator[](TrustClaim claim) { return values_[static_cast<std::size_t>(claim)]; }

  // The worst tier of all claims.
  [[nodiscard]] TrustTier tier() const;

  friend bool operator==(const TrustVector&, const TrustVector&) = default;

 private:
  std::array<std::int8_t, kAllTrustClaims.size()> values_{};
};

}  // namespace keystone
