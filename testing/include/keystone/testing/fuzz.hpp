// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

namespace keystone {

// What a fuzz target defines: takes any bytes, aborts (KEYSTONE_ASSERT) when its property does not
// hold. An exception that escapes is a finding, too.
void fuzz(ByteView input);

}  // namespace keystone
