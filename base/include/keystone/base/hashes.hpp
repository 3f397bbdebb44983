// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

namespace keystone {

// SHA3-512 over an enclave as the Security Monitor measures it at creation: report bytes [0, 64).
using EnclaveHash = FixedBytes<struct EnclaveHashRole, 64>;

// SHA3-512 over the firmware window that the boot ROM measures: report bytes [1160, 1224).
using SmHash = FixedBytes<struct SmHashRole, 64>;

// SHA-256 over an input file as it lies on disk. It says which input changed; no device computes
// it.
using FileDigest = FixedBytes<struct FileDigestRole, 32>;

}  // namespace keystone
