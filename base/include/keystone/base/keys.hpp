// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

// The public halves of what a device signs with, and its signatures: all of the scheme
// ed25519-sha3-512 (crypto/signature.hpp), which no stock Ed25519 understands.
namespace keystone {

// Of the key that a manufacturer puts into a device. A trust anchor only where a verifier's own
// registry has it; in a report, bytes [1320, 1352), it is a claim.
using DevicePublicKey = FixedBytes<struct DevicePublicKeyRole, 32>;

// Of the key that the boot ROM derives for a Security Monitor: report bytes [1224, 1256).
using SmPublicKey = FixedBytes<struct SmPublicKeyRole, 32>;

// R, then S, 32 bytes each.
using Signature = FixedBytes<struct SignatureRole, 64>;

}  // namespace keystone
