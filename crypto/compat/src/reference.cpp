// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto_compat/reference.hpp"

#include "keystone/crypto_compat/curve.hpp"

#include <algorithm>

namespace keystone::compat {

bool reference_accepts(std::span<const std::uint8_t, 32> public_key, ByteView message,
                       const Signature& signature) {
  const auto r = signature.bytes().first<32>();
  const auto s = signature.bytes().last<32>();
  if ((s[31] & 0xe0U) != 0 || !is_on_curve(public_key)) {
    return false;
  }
  const Bytes32 k = challenge(r, public_key, message);
  const Bytes32 expected = subtract(times_base(s), times(k, public_key));
  return std::equal(r.begin(), r.end(), expected.begin());
}

}  // namespace keystone::compat
