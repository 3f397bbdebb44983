// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "keystone-measure/arguments.hpp"

namespace keystone::cli {

// Writes the enclave's private memory and prints the create call's arguments, as the command says.
// Fails as measure_enclave_files() does, with `usage` or `limit_exceeded` for a place that does not
// suit the enclave, and with `unwritable`; the file then stays as it was.
[[nodiscard]] Status write_image(const ImageCommand& command, const Console& console);

}  // namespace keystone::cli
