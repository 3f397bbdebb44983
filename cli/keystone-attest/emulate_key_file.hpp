// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/key_file.hpp"

#include <string>

// Key files of emulated devices on disk: the one place where this program opens them.
namespace keystone::cli::attest {

// The key in the file at `path`, by the rules of check_key_file() and parse_device_key(); messages
// name the path and nothing of the key.
[[nodiscard]] Result<DeviceKey> read_key_file(const std::string& path);

// Makes the file at `path` with that text, for its owner alone. `unwritable` if anything has that
// name, and then it stays as it is; or if the file cannot be written, and then none is left.
[[nodiscard]] Status make_key_file(const std::string& path, const SecretBytes& text);

}  // namespace keystone::cli::attest
