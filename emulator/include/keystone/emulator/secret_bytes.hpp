// SPDX-License-Identifier: Apache-2.0
#pragma once

// SecretBytes: what key files and sealing keys of emulated devices are held in.
#include "keystone/crypto/secret_bytes.hpp"
