// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace keystone {

// The most that one call gives: 255 blocks of the hash (RFC 5869, section 2.3), in bytes.
inline constexpr std::size_t kMaxHkdfOutput = std::size_t{255} * 64;

// HKDF (RFC 5869) with HMAC-SHA3-512 and an empty salt, which stands for 64 zero bytes: how a
// Security Monitor derives sealing keys (sm/src/hkdf_sha3_512 of keystone 88c49ee). `secret` and
// `info` may be of any length. Fills `out`, at most kMaxHkdfOutput bytes, which the caller wipes;
// it may not be where `secret` or `info` is. Fails with `internal` when the backend cannot run;
// `out` is then unspecified.
[[nodiscard]] Status hkdf_sha3_512(ByteView secret, ByteView info, std::span<std::uint8_t> out);

}  // namespace keystone
