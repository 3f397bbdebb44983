// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/signature.hpp"

#include "keystone/base/assert.hpp"
#include "point_engine.hpp"
#include "signature_group.hpp"
#include "strict_rules.hpp"

#include <algorithm>
#include <array>

namespace keystone {
namespace {

Result<SignatureResult> verify_one(const SignatureJob& job, const KeyTables* tables) {
  std::array<SignatureResult, 1> result{};
  KEYSTONE_CHECK_OK(detail::verify_all(detail::engine_for_one(), {&job, 1}, result, tables));
  return result.front();
}

}  // namespace

std::string_view to_string(SignatureResult result) {
  switch (result) {
    case SignatureResult::valid:
      return "valid";
    case SignatureResult::s_not_reduced:
      return "s_not_reduced";
    case SignatureResult::key_small_order:
      return "key_small_order";
    case SignatureResult::key_non_canonical:
      return "key_non_canonical";
    case SignatureResult::key_mixed_order:
      return "key_mixed_order";
    case SignatureResult::key_not_on_curve:
      return "key_not_on_curve";
    case SignatureResult::r_small_order:
      return "r_small_order";
    case SignatureResult::r_non_canonical:
      return "r_non_canonical";
    case SignatureResult::mismatch:
      return "mismatch";
  }
  KEYSTONE_ASSERT(false);
}

// S = k = 0 leaves the questions about the key alone.
SignatureResult check_public_key(std::span<const std::uint8_t, 32> public_key) {
  if (const auto encoding = detail::check_key_encoding(public_key);
      encoding != SignatureResult::valid) {
    return encoding;
  }
  const detail::Scalar zero{};
  detail::ed25519::EncodedPoint key{};
  std::copy(public_key.begin(), public_key.end(), key.begin());
  const detail::PointJob job{&zero, &zero, nullptr, &key};
  std::array<detail::PointResult, 1> result{};
  detail::engine_for_one().combine({&job, 1}, result);
  return detail::result_of(result.front().fault);
}

Result<SignatureResult> verify_signature(std::span<const std::uint8_t, 32> public_key,
                                         ByteView message, const Signature& signature) {
  return verify_one({public_key, message, signature.bytes()}, nullptr);
}

Result<SignatureResult> verify_signature(std::span<const std::uint8_t, 32> public_key,
                                         ByteView message, const Signature& signature,
                                         const KeyTables& tables) {
  return verify_one({public_key, message, signature.bytes(), true}, &tables);
}

Status verify_signatures(std::span<const SignatureJob> jobs, std::span<SignatureResult> results,
                         const KeyTables* tables) {
  return detail::verify_all(detail::engine_for_many(), jobs, results, tables);
}

}  // namespace keystone
