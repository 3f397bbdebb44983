// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"

// What the encodings of points alone say of a signature, without arithmetic.
namespace keystone::detail {

// `key_small_order`, `key_non_canonical` or, as far as this shows, `valid`.
[[nodiscard]] SignatureResult check_key_encoding(std::span<const std::uint8_t, 32> key);

// `r_small_order`, `r_non_canonical` or `valid`.
[[nodiscard]] SignatureResult check_commitment(std::span<const std::uint8_t, 32> r);

}  // namespace keystone::detail
