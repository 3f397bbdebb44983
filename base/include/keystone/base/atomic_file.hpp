// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <string>
#include <string_view>

namespace keystone {

// Writes `content` as the whole of the file at `path`: under a temporary name in the same folder,
// flushed to disk, then renamed. The file is either as before or complete, never in between. A
// symbolic link is followed and stays. A device, a pipe or a file without a name (what /dev/stdout
// may be) is written to as it is. An existing file's mode is kept.
// Fails with `unwritable`, and then leaves no temporary file behind.
[[nodiscard]] Status write_file_atomically(const std::string& path, std::string_view content);

}  // namespace keystone
