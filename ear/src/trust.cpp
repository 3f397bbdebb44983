// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/trust.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <string>

namespace keystone {
namespace {

constexpr std::array kTiers = {TrustTier::none, TrustTier::affirming, TrustTier::warning,
                               TrustTier::contraindicated};

}  // namespace

std::string_view to_string(TrustTier tier) {
  switch (tier) {
    case TrustTier::none:
      return "none";
    case TrustTier::affirming:
      return "affirming";
    case TrustTier::warning:
      return "warning";
    case TrustTier::contraindicated:
      return "contraindicated";
  }
  KEYSTONE_ASSERT(false);
}

Result<TrustTier> parse_trust_tier(std::string_view field, std::string_view word) {
  const auto* const found = std::find_if(kTiers.begin(), kTiers.end(),
                                         [&](TrustTier tier) { return to_string(tier) == word; });
  if (found == kTiers.end()) {
    return fail(ErrorCode::malformed, std::string(field) + ": got '" + printable(word) +
                                          "', want none, affirming, warning or contraindicated");
  }
  return *found;
}

TrustTier tier_of(std::int8_t claim) {
  // Below zero every tier reaches one further: -32 is affirming, 32 is a warning.
  const int size = claim < 0 ? -claim - 1 : claim;
  if (size < 2 && claim >= -1) {
    return TrustTier::none;
  }
  if (size < 32) {
    return TrustTier::affirming;
  }
  return size < 96 ? TrustTier::warning : TrustTier::contraindicated;
}

std::string_view to_string(TrustClaim claim) {
  switch (claim) {
    case TrustClaim::instance_identity:
      return "instance-identity";
    case TrustClaim::configuration:
      return "configuration";
    case TrustClaim::executables:
      return "executables";
    case TrustClaim::file_system:
      return "file-system";
    case TrustClaim::hardware:
      return "hardware";
    case TrustClaim::runtime_opaque:
      return "runtime-opaque";
    case TrustClaim::storage_opaque:
      return "storage-opaque";
    case TrustClaim::sourced_data:
      return "sourced-data";
  }
  KEYSTONE_ASSERT(false);
}

TrustVector TrustVector::all(std::int8_t value) {
  TrustVector vector;
  vector.values_.fill(value);
  return vector;
}

TrustTier TrustVector::tier() const {
  TrustTier worst = TrustTier::none;
  for (const std::int8_t value : values_) {
    worst = std::max(worst, tier_of(value));
  }
  return worst;
}

}  // namespace keystone
