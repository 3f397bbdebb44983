// SPDX-License-Identifier: Apache-2.0
// The group `emulate` of a build without the emulator.
#include "keystone-attest/emulate.hpp"
#include "keystone/base/assert.hpp"

namespace keystone::cli::attest {

void declare_emulate(CLI::App&, CommonArguments&, EmulateSpelling&) {}

Result<EmulateCommand> emulate_command(const std::string&, const CommonArguments&,
                                       const EmulateSpelling&) {
  KEYSTONE_ASSERT(false);
}

void declare_emulated_attester(CLI::App&, bool&, EmulateSpelling&) {}

Result<EmulatedAttester> emulated_attester(const EmulateSpelling&) {
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone::cli::attest
