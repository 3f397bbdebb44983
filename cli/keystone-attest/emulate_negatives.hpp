// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_negatives_workshop.hpp"

#include <string>
#include <vector>

// `emulate negatives`: evidence that is wrong in one way each, for the tests of whoever verifies
// reports. What is in the folder: docs/emulator.md.
namespace keystone::cli::attest {

struct NegativesFile {
  std::string name;  // below the folder, such as evidence/good-fixed.bin
  std::string content;
};

// All files of the folder, the manifest last: it says what all others are. The same for the same
// seed, everywhere. Fails with `internal` when the hash function cannot run.
[[nodiscard]] Result<std::vector<NegativesFile>> make_negatives(const NegativesSeed& seed);

// Makes the folder at `path` with these files: under another name beside it, then renamed. A folder
// that is there is filled as it is, in the order of the files, and must be empty. Fails with
// `unwritable`, and then nothing of it remains.
[[nodiscard]] Status write_negatives(const std::string& path,
                                     const std::vector<NegativesFile>& files);

}  // namespace keystone::cli::attest
