// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/testing/vectors.hpp"

#include <string_view>

namespace keystone::testing {

// The bytes that an input spec of the measurement vectors stands for:
//   shake:SEED:LEN   SHAKE256("ksoracle1:" SEED ":" LEN), LEN bytes
//   zero:LEN         fill:HH:LEN         hex:...         cat(A|B|...)
// Throws std::invalid_argument for any other text.
[[nodiscard]] Bytes expand_input(std::string_view spec);

}  // namespace keystone::testing
