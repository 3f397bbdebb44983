// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace keystone::cli {

// What a program settles before it opens any file. A standard stream that the caller closed is
// taken by something that fails when it is used: else the next file that is opened would pass for
// it, and `-` would read that. A write beyond the file size limit fails instead of killing.
void prepare_process();

}  // namespace keystone::cli
