// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <span>

namespace keystone {

// HMAC (RFC 2104) with SHA3-512 (block of 72 bytes) over `message` into `out`, 64 bytes, which the
// caller wipes if it is a secret. Fails with `internal` when the backend cannot run.
[[nodiscard]] Status hmac_sha3_512(ByteView key, ByteView message, std::span<std::uint8_t, 64> out);

// Whether two secrets or tags of the same length are equal, in time that does not depend on where
// they differ. For tokens and authenticators; reports, hashes and signatures are public and are
// compared plainly.
[[nodiscard]] bool equal_in_constant_time(ByteView left, ByteView right);

}  // namespace keystone
